from reeve.v1 import job_pb2 as _job_pb2
from reeve.v1 import columns_pb2 as _columns_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttemptRoles(_message.Message):
    __slots__ = ["attempts", "roles"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    roles: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., roles: _Optional[_Iterable[int]] = ...) -> None: ...

class Generation(_message.Message):
    __slots__ = ["number", "term"]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    number: int
    term: int
    def __init__(self, term: _Optional[int] = ..., number: _Optional[int] = ...) -> None: ...

class Heartbeat(_message.Message):
    __slots__ = ["without_master"]
    WITHOUT_MASTER_FIELD_NUMBER: _ClassVar[int]
    without_master: bool
    def __init__(self, without_master: bool = ...) -> None: ...

class HeldColumns(_message.Message):
    __slots__ = ["holds", "nodes"]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    holds: _containers.RepeatedScalarFieldContainer[int]
    nodes: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, holds: _Optional[_Iterable[int]] = ..., nodes: _Optional[_Iterable[int]] = ...) -> None: ...

class HoldRoom(_message.Message):
    __slots__ = ["gather", "id", "shape", "takes"]
    GATHER_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    TAKES_FIELD_NUMBER: _ClassVar[int]
    gather: bool
    id: int
    shape: int
    takes: _containers.RepeatedCompositeFieldContainer[HoldTake]
    def __init__(self, id: _Optional[int] = ..., shape: _Optional[int] = ..., gather: bool = ..., takes: _Optional[_Iterable[_Union[HoldTake, _Mapping]]] = ...) -> None: ...

class HoldTake(_message.Message):
    __slots__ = ["most", "role"]
    MOST_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    most: _job_pb2.Resources
    role: int
    def __init__(self, role: _Optional[int] = ..., most: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ...) -> None: ...

class HoldUses(_message.Message):
    __slots__ = ["attempts", "holds"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    holds: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., holds: _Optional[_Iterable[int]] = ...) -> None: ...

class NodeState(_message.Message):
    __slots__ = ["address", "attributes", "free", "name", "number", "running", "state", "total"]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    address: str
    attributes: _containers.RepeatedCompositeFieldContainer[_job_pb2.Variable]
    free: _job_pb2.Resources
    name: str
    number: int
    running: int
    state: str
    total: _job_pb2.Resources
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ..., state: _Optional[str] = ..., total: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., free: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., running: _Optional[int] = ..., address: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[_job_pb2.Variable, _Mapping]]] = ...) -> None: ...

class RackAssignment(_message.Message):
    __slots__ = ["cluster", "generation", "name", "rack", "roster", "term"]
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RACK_FIELD_NUMBER: _ClassVar[int]
    ROSTER_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    cluster: bytes
    generation: Generation
    name: str
    rack: int
    roster: _containers.RepeatedCompositeFieldContainer[RosterNode]
    term: int
    def __init__(self, cluster: _Optional[bytes] = ..., rack: _Optional[int] = ..., term: _Optional[int] = ..., generation: _Optional[_Union[Generation, _Mapping]] = ..., roster: _Optional[_Iterable[_Union[RosterNode, _Mapping]]] = ..., name: _Optional[str] = ...) -> None: ...

class RackDown(_message.Message):
    __slots__ = ["assignment", "heartbeat", "orders"]
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    assignment: RackAssignment
    heartbeat: Heartbeat
    orders: RackOrders
    def __init__(self, assignment: _Optional[_Union[RackAssignment, _Mapping]] = ..., orders: _Optional[_Union[RackOrders, _Mapping]] = ..., heartbeat: _Optional[_Union[Heartbeat, _Mapping]] = ...) -> None: ...

class RackHello(_message.Message):
    __slots__ = ["address", "claim", "cluster", "incarnation", "protocol", "rack"]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    INCARNATION_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    RACK_FIELD_NUMBER: _ClassVar[int]
    address: str
    claim: int
    cluster: bytes
    incarnation: int
    protocol: int
    rack: str
    def __init__(self, protocol: _Optional[int] = ..., cluster: _Optional[bytes] = ..., rack: _Optional[str] = ..., address: _Optional[str] = ..., incarnation: _Optional[int] = ..., claim: _Optional[int] = ...) -> None: ...

class RackOffer(_message.Message):
    __slots__ = ["fills_within_micros", "fits", "free", "largest", "total"]
    FILLS_WITHIN_MICROS_FIELD_NUMBER: _ClassVar[int]
    FITS_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    LARGEST_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    fills_within_micros: int
    fits: _containers.RepeatedCompositeFieldContainer[ShapeFit]
    free: _job_pb2.Resources
    largest: _containers.RepeatedCompositeFieldContainer[_job_pb2.Resources]
    total: _job_pb2.Resources
    def __init__(self, total: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., free: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., fits: _Optional[_Iterable[_Union[ShapeFit, _Mapping]]] = ..., largest: _Optional[_Iterable[_Union[_job_pb2.Resources, _Mapping]]] = ..., fills_within_micros: _Optional[int] = ...) -> None: ...

class RackOrders(_message.Message):
    __slots__ = ["acknowledged", "batch", "holds", "kills", "launches", "messages", "recalls", "releases", "roles", "shapes", "uses"]
    ACKNOWLEDGED_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    KILLS_FIELD_NUMBER: _ClassVar[int]
    LAUNCHES_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    RECALLS_FIELD_NUMBER: _ClassVar[int]
    RELEASES_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    SHAPES_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    acknowledged: _containers.RepeatedScalarFieldContainer[int]
    batch: int
    holds: _containers.RepeatedCompositeFieldContainer[HoldRoom]
    kills: _columns_pb2.KillColumns
    launches: _columns_pb2.LaunchColumns
    messages: _columns_pb2.MessageColumns
    recalls: _containers.RepeatedCompositeFieldContainer[Recall]
    releases: _containers.RepeatedScalarFieldContainer[int]
    roles: AttemptRoles
    shapes: ShapeList
    uses: HoldUses
    def __init__(self, batch: _Optional[int] = ..., launches: _Optional[_Union[_columns_pb2.LaunchColumns, _Mapping]] = ..., kills: _Optional[_Union[_columns_pb2.KillColumns, _Mapping]] = ..., acknowledged: _Optional[_Iterable[int]] = ..., recalls: _Optional[_Iterable[_Union[Recall, _Mapping]]] = ..., shapes: _Optional[_Union[ShapeList, _Mapping]] = ..., holds: _Optional[_Iterable[_Union[HoldRoom, _Mapping]]] = ..., uses: _Optional[_Union[HoldUses, _Mapping]] = ..., releases: _Optional[_Iterable[int]] = ..., roles: _Optional[_Union[AttemptRoles, _Mapping]] = ..., messages: _Optional[_Union[_columns_pb2.MessageColumns, _Mapping]] = ...) -> None: ...

class RackReport(_message.Message):
    __slots__ = ["counted_in", "ends", "held", "lost", "nodes", "offer", "returned", "running", "unheld", "waiting"]
    COUNTED_IN_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    UNHELD_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    counted_in: int
    ends: _columns_pb2.EndColumns
    held: HeldColumns
    lost: _columns_pb2.LostColumns
    nodes: _containers.RepeatedCompositeFieldContainer[NodeState]
    offer: RackOffer
    returned: _columns_pb2.AttemptColumns
    running: _columns_pb2.StartColumns
    unheld: _containers.RepeatedScalarFieldContainer[int]
    waiting: _columns_pb2.AttemptColumns
    def __init__(self, counted_in: _Optional[int] = ..., waiting: _Optional[_Union[_columns_pb2.AttemptColumns, _Mapping]] = ..., running: _Optional[_Union[_columns_pb2.StartColumns, _Mapping]] = ..., ends: _Optional[_Union[_columns_pb2.EndColumns, _Mapping]] = ..., returned: _Optional[_Union[_columns_pb2.AttemptColumns, _Mapping]] = ..., lost: _Optional[_Union[_columns_pb2.LostColumns, _Mapping]] = ..., offer: _Optional[_Union[RackOffer, _Mapping]] = ..., nodes: _Optional[_Iterable[_Union[NodeState, _Mapping]]] = ..., held: _Optional[_Union[HeldColumns, _Mapping]] = ..., unheld: _Optional[_Iterable[int]] = ...) -> None: ...

class RackUp(_message.Message):
    __slots__ = ["heartbeat", "hello", "report", "statement"]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    HELLO_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    heartbeat: Heartbeat
    hello: RackHello
    report: RackReport
    statement: RackReport
    def __init__(self, hello: _Optional[_Union[RackHello, _Mapping]] = ..., statement: _Optional[_Union[RackReport, _Mapping]] = ..., report: _Optional[_Union[RackReport, _Mapping]] = ..., heartbeat: _Optional[_Union[Heartbeat, _Mapping]] = ...) -> None: ...

class Recall(_message.Message):
    __slots__ = ["count", "shape"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    count: int
    shape: int
    def __init__(self, shape: _Optional[int] = ..., count: _Optional[int] = ...) -> None: ...

class RosterNode(_message.Message):
    __slots__ = ["name", "number"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    number: int
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class Shape(_message.Message):
    __slots__ = ["constraints", "number", "resources"]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    constraints: _containers.RepeatedCompositeFieldContainer[_job_pb2.AttributeConstraint]
    number: int
    resources: _job_pb2.Resources
    def __init__(self, number: _Optional[int] = ..., resources: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., constraints: _Optional[_Iterable[_Union[_job_pb2.AttributeConstraint, _Mapping]]] = ...) -> None: ...

class ShapeFit(_message.Message):
    __slots__ = ["fills", "fits", "may_fit", "shape", "waiting"]
    FILLS_FIELD_NUMBER: _ClassVar[int]
    FITS_FIELD_NUMBER: _ClassVar[int]
    MAY_FIT_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    fills: int
    fits: int
    may_fit: bool
    shape: int
    waiting: int
    def __init__(self, shape: _Optional[int] = ..., fits: _Optional[int] = ..., waiting: _Optional[int] = ..., fills: _Optional[int] = ..., may_fit: bool = ...) -> None: ...

class ShapeList(_message.Message):
    __slots__ = ["shapes"]
    SHAPES_FIELD_NUMBER: _ClassVar[int]
    shapes: _containers.RepeatedCompositeFieldContainer[Shape]
    def __init__(self, shapes: _Optional[_Iterable[_Union[Shape, _Mapping]]] = ...) -> None: ...

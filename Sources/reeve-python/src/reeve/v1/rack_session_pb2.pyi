from reeve.v1 import job_pb2 as _job_pb2
from reeve.v1 import columns_pb2 as _columns_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    __slots__ = ["fits", "free", "largest", "total"]
    FITS_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    LARGEST_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    fits: _containers.RepeatedCompositeFieldContainer[ShapeFit]
    free: _job_pb2.Resources
    largest: _containers.RepeatedCompositeFieldContainer[_job_pb2.Resources]
    total: _job_pb2.Resources
    def __init__(self, total: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., free: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., fits: _Optional[_Iterable[_Union[ShapeFit, _Mapping]]] = ..., largest: _Optional[_Iterable[_Union[_job_pb2.Resources, _Mapping]]] = ...) -> None: ...

class RackOrders(_message.Message):
    __slots__ = ["acknowledged", "batch", "kills", "launches", "recalls", "shapes"]
    ACKNOWLEDGED_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    KILLS_FIELD_NUMBER: _ClassVar[int]
    LAUNCHES_FIELD_NUMBER: _ClassVar[int]
    RECALLS_FIELD_NUMBER: _ClassVar[int]
    SHAPES_FIELD_NUMBER: _ClassVar[int]
    acknowledged: _containers.RepeatedScalarFieldContainer[int]
    batch: int
    kills: _columns_pb2.KillColumns
    launches: _columns_pb2.LaunchColumns
    recalls: _containers.RepeatedCompositeFieldContainer[Recall]
    shapes: ShapeList
    def __init__(self, batch: _Optional[int] = ..., launches: _Optional[_Union[_columns_pb2.LaunchColumns, _Mapping]] = ..., kills: _Optional[_Union[_columns_pb2.KillColumns, _Mapping]] = ..., acknowledged: _Optional[_Iterable[int]] = ..., recalls: _Optional[_Iterable[_Union[Recall, _Mapping]]] = ..., shapes: _Optional[_Union[ShapeList, _Mapping]] = ...) -> None: ...

class RackReport(_message.Message):
    __slots__ = ["counted_in", "ends", "lost", "nodes", "offer", "returned", "running", "waiting"]
    COUNTED_IN_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    counted_in: int
    ends: _columns_pb2.EndColumns
    lost: _columns_pb2.LostColumns
    nodes: _containers.RepeatedCompositeFieldContainer[NodeState]
    offer: RackOffer
    returned: _columns_pb2.AttemptColumns
    running: _columns_pb2.StartColumns
    waiting: _columns_pb2.AttemptColumns
    def __init__(self, counted_in: _Optional[int] = ..., waiting: _Optional[_Union[_columns_pb2.AttemptColumns, _Mapping]] = ..., running: _Optional[_Union[_columns_pb2.StartColumns, _Mapping]] = ..., ends: _Optional[_Union[_columns_pb2.EndColumns, _Mapping]] = ..., returned: _Optional[_Union[_columns_pb2.AttemptColumns, _Mapping]] = ..., lost: _Optional[_Union[_columns_pb2.LostColumns, _Mapping]] = ..., offer: _Optional[_Union[RackOffer, _Mapping]] = ..., nodes: _Optional[_Iterable[_Union[NodeState, _Mapping]]] = ...) -> None: ...

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
    __slots__ = ["fits", "may_fit", "shape", "waiting"]
    FITS_FIELD_NUMBER: _ClassVar[int]
    MAY_FIT_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    fits: int
    may_fit: bool
    shape: int
    waiting: int
    def __init__(self, shape: _Optional[int] = ..., fits: _Optional[int] = ..., waiting: _Optional[int] = ..., may_fit: bool = ...) -> None: ...

class ShapeList(_message.Message):
    __slots__ = ["shapes"]
    SHAPES_FIELD_NUMBER: _ClassVar[int]
    shapes: _containers.RepeatedCompositeFieldContainer[Shape]
    def __init__(self, shapes: _Optional[_Iterable[_Union[Shape, _Mapping]]] = ...) -> None: ...

from reeve.v1 import job_pb2 as _job_pb2
from reeve.v1 import rack_session_pb2 as _rack_session_pb2
from reeve.v1 import scheduler_pb2 as _scheduler_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
SLICE_KIND_PINNED: SliceKind
SLICE_KIND_POOLED: SliceKind
UPDATE_STATE_ASSIGNED: UpdateState
UPDATE_STATE_CANCELLED: UpdateState
UPDATE_STATE_FAILED: UpdateState
UPDATE_STATE_QUEUED: UpdateState
UPDATE_STATE_RUNNING: UpdateState
UPDATE_STATE_SUCCEEDED: UpdateState
UPDATE_STATE_UNKNOWN: UpdateState

class Accept(_message.Message):
    __slots__ = ["offers", "tasks"]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedScalarFieldContainer[int]
    tasks: _job_pb2.JobSpec
    def __init__(self, offers: _Optional[_Iterable[int]] = ..., tasks: _Optional[_Union[_job_pb2.JobSpec, _Mapping]] = ...) -> None: ...

class AcknowledgeUpdates(_message.Message):
    __slots__ = ["ids"]
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, ids: _Optional[_Iterable[int]] = ...) -> None: ...

class Batch(_message.Message):
    __slots__ = ["messages"]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, messages: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Decline(_message.Message):
    __slots__ = ["offers"]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, offers: _Optional[_Iterable[int]] = ...) -> None: ...

class Demand(_message.Message):
    __slots__ = ["shapes"]
    SHAPES_FIELD_NUMBER: _ClassVar[int]
    shapes: _containers.RepeatedCompositeFieldContainer[ShapeDemand]
    def __init__(self, shapes: _Optional[_Iterable[_Union[ShapeDemand, _Mapping]]] = ...) -> None: ...

class FrameworkDown(_message.Message):
    __slots__ = ["batch", "heartbeat", "offers", "reply", "rescind", "subscribed", "updates"]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    RESCIND_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    UPDATES_FIELD_NUMBER: _ClassVar[int]
    batch: Batch
    heartbeat: _rack_session_pb2.Heartbeat
    offers: Offers
    reply: FrameworkReply
    rescind: Rescind
    subscribed: Subscribed
    updates: TaskUpdates
    def __init__(self, subscribed: _Optional[_Union[Subscribed, _Mapping]] = ..., offers: _Optional[_Union[Offers, _Mapping]] = ..., rescind: _Optional[_Union[Rescind, _Mapping]] = ..., updates: _Optional[_Union[TaskUpdates, _Mapping]] = ..., reply: _Optional[_Union[FrameworkReply, _Mapping]] = ..., heartbeat: _Optional[_Union[_rack_session_pb2.Heartbeat, _Mapping]] = ..., batch: _Optional[_Union[Batch, _Mapping]] = ...) -> None: ...

class FrameworkReply(_message.Message):
    __slots__ = ["problem", "serial", "tasks"]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    problem: _scheduler_pb2.Problem
    serial: int
    tasks: int
    def __init__(self, serial: _Optional[int] = ..., problem: _Optional[_Union[_scheduler_pb2.Problem, _Mapping]] = ..., tasks: _Optional[int] = ...) -> None: ...

class FrameworkUp(_message.Message):
    __slots__ = ["accept", "acknowledge", "batch", "decline", "demand", "heartbeat", "kill", "reconcile", "serial", "subscribe", "task_message", "tear_down"]
    ACCEPT_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGE_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    DECLINE_FIELD_NUMBER: _ClassVar[int]
    DEMAND_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    KILL_FIELD_NUMBER: _ClassVar[int]
    RECONCILE_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBE_FIELD_NUMBER: _ClassVar[int]
    TASK_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TEAR_DOWN_FIELD_NUMBER: _ClassVar[int]
    accept: Accept
    acknowledge: AcknowledgeUpdates
    batch: Batch
    decline: Decline
    demand: Demand
    heartbeat: _rack_session_pb2.Heartbeat
    kill: KillTasks
    reconcile: Reconcile
    serial: int
    subscribe: Subscribe
    task_message: TaskMessage
    tear_down: TearDown
    def __init__(self, serial: _Optional[int] = ..., subscribe: _Optional[_Union[Subscribe, _Mapping]] = ..., demand: _Optional[_Union[Demand, _Mapping]] = ..., accept: _Optional[_Union[Accept, _Mapping]] = ..., decline: _Optional[_Union[Decline, _Mapping]] = ..., kill: _Optional[_Union[KillTasks, _Mapping]] = ..., acknowledge: _Optional[_Union[AcknowledgeUpdates, _Mapping]] = ..., reconcile: _Optional[_Union[Reconcile, _Mapping]] = ..., tear_down: _Optional[_Union[TearDown, _Mapping]] = ..., heartbeat: _Optional[_Union[_rack_session_pb2.Heartbeat, _Mapping]] = ..., task_message: _Optional[_Union[TaskMessage, _Mapping]] = ..., batch: _Optional[_Union[Batch, _Mapping]] = ...) -> None: ...

class KillTasks(_message.Message):
    __slots__ = ["tasks"]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    tasks: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tasks: _Optional[_Iterable[str]] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ["count", "expires_micros", "id", "key", "kind", "node", "rack", "shape"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MICROS_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    RACK_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    count: int
    expires_micros: int
    id: int
    key: int
    kind: SliceKind
    node: str
    rack: str
    shape: _job_pb2.Resources
    def __init__(self, id: _Optional[int] = ..., key: _Optional[int] = ..., shape: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., count: _Optional[int] = ..., rack: _Optional[str] = ..., kind: _Optional[_Union[SliceKind, str]] = ..., node: _Optional[str] = ..., expires_micros: _Optional[int] = ...) -> None: ...

class Offers(_message.Message):
    __slots__ = ["offers"]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedCompositeFieldContainer[Offer]
    def __init__(self, offers: _Optional[_Iterable[_Union[Offer, _Mapping]]] = ...) -> None: ...

class Reconcile(_message.Message):
    __slots__ = ["tasks"]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    tasks: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tasks: _Optional[_Iterable[str]] = ...) -> None: ...

class Rescind(_message.Message):
    __slots__ = ["offers", "reason"]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedScalarFieldContainer[int]
    reason: str
    def __init__(self, offers: _Optional[_Iterable[int]] = ..., reason: _Optional[str] = ...) -> None: ...

class ShapeDemand(_message.Message):
    __slots__ = ["constraints", "count", "key", "kind", "racks", "shape", "wait_micros"]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RACKS_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    WAIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    constraints: _containers.RepeatedCompositeFieldContainer[_job_pb2.AttributeConstraint]
    count: int
    key: int
    kind: SliceKind
    racks: _containers.RepeatedScalarFieldContainer[str]
    shape: _job_pb2.Resources
    wait_micros: int
    def __init__(self, key: _Optional[int] = ..., shape: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., count: _Optional[int] = ..., racks: _Optional[_Iterable[str]] = ..., wait_micros: _Optional[int] = ..., kind: _Optional[_Union[SliceKind, str]] = ..., constraints: _Optional[_Iterable[_Union[_job_pb2.AttributeConstraint, _Mapping]]] = ...) -> None: ...

class Subscribe(_message.Message):
    __slots__ = ["capabilities", "failover_micros", "framework", "name", "protocol", "role", "user"]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    FAILOVER_MICROS_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    failover_micros: int
    framework: str
    name: str
    protocol: int
    role: str
    user: str
    def __init__(self, protocol: _Optional[int] = ..., framework: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[str] = ..., user: _Optional[str] = ..., failover_micros: _Optional[int] = ..., capabilities: _Optional[_Iterable[str]] = ...) -> None: ...

class Subscribed(_message.Message):
    __slots__ = ["capabilities", "framework", "heartbeat_micros", "job", "resumed", "term"]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_MICROS_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    framework: str
    heartbeat_micros: int
    job: str
    resumed: bool
    term: int
    def __init__(self, framework: _Optional[str] = ..., job: _Optional[str] = ..., term: _Optional[int] = ..., resumed: bool = ..., capabilities: _Optional[_Iterable[str]] = ..., heartbeat_micros: _Optional[int] = ...) -> None: ...

class TaskMessage(_message.Message):
    __slots__ = ["data", "task"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    task: str
    def __init__(self, task: _Optional[str] = ..., data: _Optional[bytes] = ...) -> None: ...

class TaskUpdates(_message.Message):
    __slots__ = ["attempts", "ids", "names", "nodes", "reasons", "states", "statuses"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    ids: _containers.RepeatedScalarFieldContainer[int]
    names: _job_pb2.PackedStrings
    nodes: _job_pb2.PackedStrings
    reasons: _job_pb2.PackedStrings
    states: _containers.RepeatedScalarFieldContainer[int]
    statuses: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, ids: _Optional[_Iterable[int]] = ..., names: _Optional[_Union[_job_pb2.PackedStrings, _Mapping]] = ..., states: _Optional[_Iterable[int]] = ..., reasons: _Optional[_Union[_job_pb2.PackedStrings, _Mapping]] = ..., statuses: _Optional[_Iterable[int]] = ..., nodes: _Optional[_Union[_job_pb2.PackedStrings, _Mapping]] = ..., attempts: _Optional[_Iterable[int]] = ...) -> None: ...

class TearDown(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class SliceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class UpdateState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

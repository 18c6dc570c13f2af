from reeve.v1 import job_pb2 as _job_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Ancestor(_message.Message):
    __slots__ = ["job", "phase", "task"]
    JOB_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    job: str
    phase: str
    task: str
    def __init__(self, job: _Optional[str] = ..., task: _Optional[str] = ..., phase: _Optional[str] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ["explanation", "frameworks", "jobs", "next", "nodes", "offers", "policy", "problem", "racks", "roles", "tasks", "users"]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORKS_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    RACKS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    USERS_FIELD_NUMBER: _ClassVar[int]
    explanation: Explanation
    frameworks: _containers.RepeatedCompositeFieldContainer[FrameworkView]
    jobs: _containers.RepeatedCompositeFieldContainer[JobProgress]
    next: int
    nodes: _containers.RepeatedCompositeFieldContainer[NodeView]
    offers: _containers.RepeatedCompositeFieldContainer[OfferView]
    policy: PolicyOrder
    problem: Problem
    racks: _containers.RepeatedCompositeFieldContainer[RackView]
    roles: _containers.RepeatedCompositeFieldContainer[RoleView]
    tasks: TaskViewColumns
    users: _containers.RepeatedCompositeFieldContainer[UserView]
    def __init__(self, jobs: _Optional[_Iterable[_Union[JobProgress, _Mapping]]] = ..., next: _Optional[int] = ..., nodes: _Optional[_Iterable[_Union[NodeView, _Mapping]]] = ..., racks: _Optional[_Iterable[_Union[RackView, _Mapping]]] = ..., problem: _Optional[_Union[Problem, _Mapping]] = ..., explanation: _Optional[_Union[Explanation, _Mapping]] = ..., tasks: _Optional[_Union[TaskViewColumns, _Mapping]] = ..., policy: _Optional[_Union[PolicyOrder, _Mapping]] = ..., frameworks: _Optional[_Iterable[_Union[FrameworkView, _Mapping]]] = ..., offers: _Optional[_Iterable[_Union[OfferView, _Mapping]]] = ..., roles: _Optional[_Iterable[_Union[RoleView, _Mapping]]] = ..., users: _Optional[_Iterable[_Union[UserView, _Mapping]]] = ...) -> None: ...

class BlockedShape(_message.Message):
    __slots__ = ["framework", "shape"]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    framework: str
    shape: _job_pb2.Resources
    def __init__(self, framework: _Optional[str] = ..., shape: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ...) -> None: ...

class CancelOrder(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CloseOrder(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class DemandView(_message.Message):
    __slots__ = ["constraints", "count", "declines", "key", "offered", "rests_micros", "shape"]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DECLINES_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    RESTS_MICROS_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    constraints: _containers.RepeatedCompositeFieldContainer[_job_pb2.AttributeConstraint]
    count: int
    declines: int
    key: int
    offered: int
    rests_micros: int
    shape: _job_pb2.Resources
    def __init__(self, key: _Optional[int] = ..., shape: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., count: _Optional[int] = ..., offered: _Optional[int] = ..., declines: _Optional[int] = ..., rests_micros: _Optional[int] = ..., constraints: _Optional[_Iterable[_Union[_job_pb2.AttributeConstraint, _Mapping]]] = ...) -> None: ...

class ExplainedTerm(_message.Message):
    __slots__ = ["name", "value", "weight"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    weight: float
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., weight: _Optional[float] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ["ahead", "code", "racks", "sentence", "task", "terms", "waits_for", "waits_for_count"]
    AHEAD_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    RACKS_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    WAITS_FOR_COUNT_FIELD_NUMBER: _ClassVar[int]
    WAITS_FOR_FIELD_NUMBER: _ClassVar[int]
    ahead: int
    code: str
    racks: _containers.RepeatedCompositeFieldContainer[RackFunnel]
    sentence: str
    task: TaskViewColumns
    terms: _containers.RepeatedCompositeFieldContainer[ExplainedTerm]
    waits_for: _containers.RepeatedCompositeFieldContainer[Ancestor]
    waits_for_count: int
    def __init__(self, code: _Optional[str] = ..., sentence: _Optional[str] = ..., ahead: _Optional[int] = ..., racks: _Optional[_Iterable[_Union[RackFunnel, _Mapping]]] = ..., waits_for: _Optional[_Iterable[_Union[Ancestor, _Mapping]]] = ..., waits_for_count: _Optional[int] = ..., task: _Optional[_Union[TaskViewColumns, _Mapping]] = ..., terms: _Optional[_Iterable[_Union[ExplainedTerm, _Mapping]]] = ...) -> None: ...

class ForgetNodeReply(_message.Message):
    __slots__ = ["problem", "waited"]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    WAITED_FIELD_NUMBER: _ClassVar[int]
    problem: Problem
    waited: int
    def __init__(self, waited: _Optional[int] = ..., problem: _Optional[_Union[Problem, _Mapping]] = ...) -> None: ...

class ForgetNodeRequest(_message.Message):
    __slots__ = ["node"]
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: str
    def __init__(self, node: _Optional[str] = ...) -> None: ...

class ForgetRoleOrder(_message.Message):
    __slots__ = ["name"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class FrameworkView(_message.Message):
    __slots__ = ["code", "demands", "failover_micros", "fair_share", "id", "job", "leaves_micros", "name", "offered", "role", "sentence", "share", "state", "used", "user"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DEMANDS_FIELD_NUMBER: _ClassVar[int]
    FAILOVER_MICROS_FIELD_NUMBER: _ClassVar[int]
    FAIR_SHARE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    LEAVES_MICROS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    code: str
    demands: _containers.RepeatedCompositeFieldContainer[DemandView]
    failover_micros: int
    fair_share: float
    id: str
    job: JobProgress
    leaves_micros: int
    name: str
    offered: _job_pb2.Resources
    role: str
    sentence: str
    share: float
    state: str
    used: _job_pb2.Resources
    user: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[str] = ..., user: _Optional[str] = ..., state: _Optional[str] = ..., leaves_micros: _Optional[int] = ..., failover_micros: _Optional[int] = ..., used: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., offered: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., share: _Optional[float] = ..., fair_share: _Optional[float] = ..., demands: _Optional[_Iterable[_Union[DemandView, _Mapping]]] = ..., job: _Optional[_Union[JobProgress, _Mapping]] = ..., code: _Optional[str] = ..., sentence: _Optional[str] = ...) -> None: ...

class FrameworksQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class HoldOrder(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class JobProgress(_message.Message):
    __slots__ = ["assigned", "blocked", "cancelled", "completed", "ended_micros", "failed", "id", "labels", "name", "open", "queued", "reason", "running", "skipped", "status", "stopped", "submitted_micros", "tasks", "user"]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    ENDED_MICROS_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STOPPED_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_MICROS_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    assigned: int
    blocked: int
    cancelled: int
    completed: int
    ended_micros: int
    failed: int
    id: str
    labels: _containers.RepeatedCompositeFieldContainer[_job_pb2.Variable]
    name: str
    open: bool
    queued: int
    reason: str
    running: int
    skipped: int
    status: int
    stopped: bool
    submitted_micros: int
    tasks: int
    user: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., user: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[_job_pb2.Variable, _Mapping]]] = ..., submitted_micros: _Optional[int] = ..., ended_micros: _Optional[int] = ..., tasks: _Optional[int] = ..., blocked: _Optional[int] = ..., queued: _Optional[int] = ..., assigned: _Optional[int] = ..., running: _Optional[int] = ..., completed: _Optional[int] = ..., failed: _Optional[int] = ..., cancelled: _Optional[int] = ..., reason: _Optional[str] = ..., status: _Optional[int] = ..., skipped: _Optional[int] = ..., open: bool = ..., stopped: bool = ...) -> None: ...

class JobsQuery(_message.Message):
    __slots__ = ["all", "before", "job", "limit", "user"]
    ALL_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    all: bool
    before: int
    job: str
    limit: int
    user: str
    def __init__(self, job: _Optional[str] = ..., all: bool = ..., limit: _Optional[int] = ..., user: _Optional[str] = ..., before: _Optional[int] = ...) -> None: ...

class LogsReply(_message.Message):
    __slots__ = ["data", "ended", "missing", "problem", "stderr"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    STDERR_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    ended: TaskViewColumns
    missing: Problem
    problem: Problem
    stderr: bool
    def __init__(self, stderr: bool = ..., data: _Optional[bytes] = ..., problem: _Optional[_Union[Problem, _Mapping]] = ..., missing: _Optional[_Union[Problem, _Mapping]] = ..., ended: _Optional[_Union[TaskViewColumns, _Mapping]] = ...) -> None: ...

class LogsRequest(_message.Message):
    __slots__ = ["follow", "job", "stderr", "stdout", "task"]
    FOLLOW_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    STDERR_FIELD_NUMBER: _ClassVar[int]
    STDOUT_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    follow: bool
    job: str
    stderr: bool
    stdout: bool
    task: str
    def __init__(self, job: _Optional[str] = ..., task: _Optional[str] = ..., stdout: bool = ..., stderr: bool = ..., follow: bool = ...) -> None: ...

class NodeView(_message.Message):
    __slots__ = ["address", "attributes", "free", "name", "number", "rack", "running", "state", "total"]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RACK_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    address: str
    attributes: _containers.RepeatedCompositeFieldContainer[_job_pb2.Variable]
    free: _job_pb2.Resources
    name: str
    number: int
    rack: str
    running: int
    state: str
    total: _job_pb2.Resources
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ..., rack: _Optional[str] = ..., state: _Optional[str] = ..., total: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., free: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., running: _Optional[int] = ..., address: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[_job_pb2.Variable, _Mapping]]] = ...) -> None: ...

class NodesQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OfferView(_message.Message):
    __slots__ = ["age_micros", "count", "expires_micros", "framework", "id", "rack", "role", "shape"]
    AGE_MICROS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MICROS_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    RACK_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    age_micros: int
    count: int
    expires_micros: int
    framework: str
    id: int
    rack: str
    role: str
    shape: _job_pb2.Resources
    def __init__(self, id: _Optional[int] = ..., framework: _Optional[str] = ..., role: _Optional[str] = ..., rack: _Optional[str] = ..., shape: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., count: _Optional[int] = ..., age_micros: _Optional[int] = ..., expires_micros: _Optional[int] = ...) -> None: ...

class OffersQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OrderReply(_message.Message):
    __slots__ = ["ordered", "problem"]
    ORDERED_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    ordered: int
    problem: Problem
    def __init__(self, ordered: _Optional[int] = ..., problem: _Optional[_Union[Problem, _Mapping]] = ...) -> None: ...

class OrderRequest(_message.Message):
    __slots__ = ["cancel", "close", "forget_role", "hold", "policy", "priority", "release", "remove_framework", "retry", "role", "what"]
    CANCEL_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    FORGET_ROLE_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    REMOVE_FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    cancel: CancelOrder
    close: CloseOrder
    forget_role: ForgetRoleOrder
    hold: HoldOrder
    policy: PolicyOrder
    priority: PriorityOrder
    release: ReleaseOrder
    remove_framework: RemoveFrameworkOrder
    retry: RetryOrder
    role: RoleOrder
    what: _containers.RepeatedCompositeFieldContainer[TaskSelector]
    def __init__(self, what: _Optional[_Iterable[_Union[TaskSelector, _Mapping]]] = ..., cancel: _Optional[_Union[CancelOrder, _Mapping]] = ..., hold: _Optional[_Union[HoldOrder, _Mapping]] = ..., release: _Optional[_Union[ReleaseOrder, _Mapping]] = ..., priority: _Optional[_Union[PriorityOrder, _Mapping]] = ..., retry: _Optional[_Union[RetryOrder, _Mapping]] = ..., policy: _Optional[_Union[PolicyOrder, _Mapping]] = ..., close: _Optional[_Union[CloseOrder, _Mapping]] = ..., role: _Optional[_Union[RoleOrder, _Mapping]] = ..., forget_role: _Optional[_Union[ForgetRoleOrder, _Mapping]] = ..., remove_framework: _Optional[_Union[RemoveFrameworkOrder, _Mapping]] = ...) -> None: ...

class PolicyOrder(_message.Message):
    __slots__ = ["backfill", "criteria", "name"]
    BACKFILL_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    backfill: bool
    criteria: _job_pb2.PriorityCriteria
    name: str
    def __init__(self, name: _Optional[str] = ..., backfill: bool = ..., criteria: _Optional[_Union[_job_pb2.PriorityCriteria, _Mapping]] = ...) -> None: ...

class PolicyQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class PriorityOrder(_message.Message):
    __slots__ = ["priority"]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    priority: int
    def __init__(self, priority: _Optional[int] = ...) -> None: ...

class Problem(_message.Message):
    __slots__ = ["code", "field", "message"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    field: str
    message: str
    def __init__(self, code: _Optional[str] = ..., field: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class Query(_message.Message):
    __slots__ = ["explain", "frameworks", "jobs", "nodes", "offers", "policy", "queue", "racks", "roles", "tasks", "users"]
    EXPLAIN_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORKS_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    RACKS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    USERS_FIELD_NUMBER: _ClassVar[int]
    explain: TaskSelector
    frameworks: FrameworksQuery
    jobs: JobsQuery
    nodes: NodesQuery
    offers: OffersQuery
    policy: PolicyQuery
    queue: QueueQuery
    racks: RacksQuery
    roles: RolesQuery
    tasks: TasksQuery
    users: UsersQuery
    def __init__(self, jobs: _Optional[_Union[JobsQuery, _Mapping]] = ..., tasks: _Optional[_Union[TasksQuery, _Mapping]] = ..., nodes: _Optional[_Union[NodesQuery, _Mapping]] = ..., racks: _Optional[_Union[RacksQuery, _Mapping]] = ..., queue: _Optional[_Union[QueueQuery, _Mapping]] = ..., policy: _Optional[_Union[PolicyQuery, _Mapping]] = ..., explain: _Optional[_Union[TaskSelector, _Mapping]] = ..., frameworks: _Optional[_Union[FrameworksQuery, _Mapping]] = ..., offers: _Optional[_Union[OffersQuery, _Mapping]] = ..., roles: _Optional[_Union[RolesQuery, _Mapping]] = ..., users: _Optional[_Union[UsersQuery, _Mapping]] = ...) -> None: ...

class QueueQuery(_message.Message):
    __slots__ = ["limit"]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    limit: int
    def __init__(self, limit: _Optional[int] = ...) -> None: ...

class Quota(_message.Message):
    __slots__ = ["amounts"]
    AMOUNTS_FIELD_NUMBER: _ClassVar[int]
    amounts: _job_pb2.Resources
    def __init__(self, amounts: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ...) -> None: ...

class RackFunnel(_message.Message):
    __slots__ = ["connected", "fits_now", "free", "large_enough", "matching", "nodes", "rack"]
    CONNECTED_FIELD_NUMBER: _ClassVar[int]
    FITS_NOW_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    LARGE_ENOUGH_FIELD_NUMBER: _ClassVar[int]
    MATCHING_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    RACK_FIELD_NUMBER: _ClassVar[int]
    connected: bool
    fits_now: int
    free: _job_pb2.Resources
    large_enough: int
    matching: int
    nodes: int
    rack: str
    def __init__(self, rack: _Optional[str] = ..., connected: bool = ..., nodes: _Optional[int] = ..., large_enough: _Optional[int] = ..., fits_now: _Optional[int] = ..., free: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., matching: _Optional[int] = ...) -> None: ...

class RackView(_message.Message):
    __slots__ = ["address", "assigned", "free", "generation", "name", "nodes", "number", "state", "total"]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    address: str
    assigned: int
    free: _job_pb2.Resources
    generation: str
    name: str
    nodes: int
    number: int
    state: str
    total: _job_pb2.Resources
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ..., state: _Optional[str] = ..., address: _Optional[str] = ..., nodes: _Optional[int] = ..., total: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., free: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., assigned: _Optional[int] = ..., generation: _Optional[str] = ...) -> None: ...

class RacksQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ReleaseOrder(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class RemoveFrameworkOrder(_message.Message):
    __slots__ = ["id"]
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class RetryOrder(_message.Message):
    __slots__ = ["cancelled"]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    cancelled: bool
    def __init__(self, cancelled: bool = ...) -> None: ...

class RoleOrder(_message.Message):
    __slots__ = ["guarantee", "limit", "name", "weight"]
    GUARANTEE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    guarantee: Quota
    limit: Quota
    name: str
    weight: float
    def __init__(self, name: _Optional[str] = ..., weight: _Optional[float] = ..., guarantee: _Optional[_Union[Quota, _Mapping]] = ..., limit: _Optional[_Union[Quota, _Mapping]] = ...) -> None: ...

class RoleView(_message.Message):
    __slots__ = ["blocked", "fair_share", "frameworks", "history", "offered", "preempted", "role", "share", "used", "wasted_core_micros"]
    BLOCKED_FIELD_NUMBER: _ClassVar[int]
    FAIR_SHARE_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORKS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    PREEMPTED_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    WASTED_CORE_MICROS_FIELD_NUMBER: _ClassVar[int]
    blocked: BlockedShape
    fair_share: float
    frameworks: int
    history: ShareHistory
    offered: _job_pb2.Resources
    preempted: int
    role: _job_pb2.Role
    share: float
    used: _job_pb2.Resources
    wasted_core_micros: int
    def __init__(self, role: _Optional[_Union[_job_pb2.Role, _Mapping]] = ..., frameworks: _Optional[int] = ..., used: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., offered: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., share: _Optional[float] = ..., fair_share: _Optional[float] = ..., history: _Optional[_Union[ShareHistory, _Mapping]] = ..., blocked: _Optional[_Union[BlockedShape, _Mapping]] = ..., preempted: _Optional[int] = ..., wasted_core_micros: _Optional[int] = ...) -> None: ...

class RolesQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ShareHistory(_message.Message):
    __slots__ = ["fair_share", "fair_shares", "share", "shares"]
    FAIR_SHARES_FIELD_NUMBER: _ClassVar[int]
    FAIR_SHARE_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    fair_share: float
    fair_shares: _containers.RepeatedScalarFieldContainer[float]
    share: float
    shares: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, share: _Optional[float] = ..., fair_share: _Optional[float] = ..., shares: _Optional[_Iterable[float]] = ..., fair_shares: _Optional[_Iterable[float]] = ...) -> None: ...

class SubmitChunk(_message.Message):
    __slots__ = ["commit", "head", "tasks"]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    commit: SubmitCommit
    head: _job_pb2.JobSpec
    tasks: _job_pb2.TaskColumns
    def __init__(self, head: _Optional[_Union[_job_pb2.JobSpec, _Mapping]] = ..., tasks: _Optional[_Union[_job_pb2.TaskColumns, _Mapping]] = ..., commit: _Optional[_Union[SubmitCommit, _Mapping]] = ...) -> None: ...

class SubmitCommit(_message.Message):
    __slots__ = ["tasks"]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    tasks: int
    def __init__(self, tasks: _Optional[int] = ...) -> None: ...

class SubmitReply(_message.Message):
    __slots__ = ["id", "known", "problem", "tasks"]
    ID_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    id: str
    known: bool
    problem: Problem
    tasks: int
    def __init__(self, id: _Optional[str] = ..., tasks: _Optional[int] = ..., known: bool = ..., problem: _Optional[_Union[Problem, _Mapping]] = ...) -> None: ...

class SubmitRequest(_message.Message):
    __slots__ = ["job"]
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: _job_pb2.JobSpec
    def __init__(self, job: _Optional[_Union[_job_pb2.JobSpec, _Mapping]] = ...) -> None: ...

class TaskDetails(_message.Message):
    __slots__ = ["after", "command", "environment", "message", "place", "stderr_tail", "stdout_tail"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    STDERR_TAIL_FIELD_NUMBER: _ClassVar[int]
    STDOUT_TAIL_FIELD_NUMBER: _ClassVar[int]
    after: _containers.RepeatedScalarFieldContainer[str]
    command: _containers.RepeatedScalarFieldContainer[str]
    environment: _containers.RepeatedCompositeFieldContainer[_job_pb2.Variable]
    message: str
    place: int
    stderr_tail: bytes
    stdout_tail: bytes
    def __init__(self, command: _Optional[_Iterable[str]] = ..., environment: _Optional[_Iterable[_Union[_job_pb2.Variable, _Mapping]]] = ..., after: _Optional[_Iterable[str]] = ..., message: _Optional[str] = ..., stdout_tail: _Optional[bytes] = ..., stderr_tail: _Optional[bytes] = ..., place: _Optional[int] = ...) -> None: ...

class TaskKind(_message.Message):
    __slots__ = ["constraints", "inputs", "job", "labels", "outputs", "resources", "submitted_micros", "time_limit_micros"]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_MICROS_FIELD_NUMBER: _ClassVar[int]
    TIME_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    constraints: _containers.RepeatedCompositeFieldContainer[_job_pb2.AttributeConstraint]
    inputs: _containers.RepeatedScalarFieldContainer[str]
    job: str
    labels: _containers.RepeatedCompositeFieldContainer[_job_pb2.Variable]
    outputs: _containers.RepeatedScalarFieldContainer[str]
    resources: _job_pb2.Resources
    submitted_micros: int
    time_limit_micros: int
    def __init__(self, job: _Optional[str] = ..., submitted_micros: _Optional[int] = ..., resources: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., time_limit_micros: _Optional[int] = ..., labels: _Optional[_Iterable[_Union[_job_pb2.Variable, _Mapping]]] = ..., inputs: _Optional[_Iterable[str]] = ..., outputs: _Optional[_Iterable[str]] = ..., constraints: _Optional[_Iterable[_Union[_job_pb2.AttributeConstraint, _Mapping]]] = ...) -> None: ...

class TaskSelector(_message.Message):
    __slots__ = ["job", "label", "state", "task", "user"]
    JOB_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    job: str
    label: _job_pb2.Variable
    state: str
    task: str
    user: str
    def __init__(self, job: _Optional[str] = ..., task: _Optional[str] = ..., state: _Optional[str] = ..., label: _Optional[_Union[_job_pb2.Variable, _Mapping]] = ..., user: _Optional[str] = ...) -> None: ...

class TaskViewColumns(_message.Message):
    __slots__ = ["attempt_counts", "attempts", "cpu_micros", "details", "ended_micros", "indices", "kind_places", "kinds", "marks", "memory_peak", "names", "node_names", "nodes", "numbers", "priorities", "rack_names", "racks", "read_bytes", "reasons", "started_micros", "states", "statuses", "write_bytes"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_COUNTS_FIELD_NUMBER: _ClassVar[int]
    CPU_MICROS_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    ENDED_MICROS_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    KIND_PLACES_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_PEAK_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    NODE_NAMES_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    RACKS_FIELD_NUMBER: _ClassVar[int]
    RACK_NAMES_FIELD_NUMBER: _ClassVar[int]
    READ_BYTES_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    STARTED_MICROS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    WRITE_BYTES_FIELD_NUMBER: _ClassVar[int]
    attempt_counts: _containers.RepeatedScalarFieldContainer[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    cpu_micros: _containers.RepeatedScalarFieldContainer[int]
    details: _containers.RepeatedCompositeFieldContainer[TaskDetails]
    ended_micros: _containers.RepeatedScalarFieldContainer[int]
    indices: _containers.RepeatedScalarFieldContainer[int]
    kind_places: _containers.RepeatedScalarFieldContainer[int]
    kinds: _containers.RepeatedCompositeFieldContainer[TaskKind]
    marks: bytes
    memory_peak: _containers.RepeatedScalarFieldContainer[int]
    names: _job_pb2.PackedStrings
    node_names: _containers.RepeatedScalarFieldContainer[str]
    nodes: _containers.RepeatedScalarFieldContainer[int]
    numbers: _containers.RepeatedScalarFieldContainer[int]
    priorities: _containers.RepeatedScalarFieldContainer[int]
    rack_names: _containers.RepeatedScalarFieldContainer[str]
    racks: _containers.RepeatedScalarFieldContainer[int]
    read_bytes: _containers.RepeatedScalarFieldContainer[int]
    reasons: _containers.RepeatedScalarFieldContainer[int]
    started_micros: _containers.RepeatedScalarFieldContainer[int]
    states: bytes
    statuses: _containers.RepeatedScalarFieldContainer[int]
    write_bytes: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, numbers: _Optional[_Iterable[int]] = ..., names: _Optional[_Union[_job_pb2.PackedStrings, _Mapping]] = ..., states: _Optional[bytes] = ..., kinds: _Optional[_Iterable[_Union[TaskKind, _Mapping]]] = ..., kind_places: _Optional[_Iterable[int]] = ..., marks: _Optional[bytes] = ..., indices: _Optional[_Iterable[int]] = ..., priorities: _Optional[_Iterable[int]] = ..., attempt_counts: _Optional[_Iterable[int]] = ..., attempts: _Optional[_Iterable[int]] = ..., reasons: _Optional[_Iterable[int]] = ..., statuses: _Optional[_Iterable[int]] = ..., node_names: _Optional[_Iterable[str]] = ..., nodes: _Optional[_Iterable[int]] = ..., rack_names: _Optional[_Iterable[str]] = ..., racks: _Optional[_Iterable[int]] = ..., started_micros: _Optional[_Iterable[int]] = ..., ended_micros: _Optional[_Iterable[int]] = ..., cpu_micros: _Optional[_Iterable[int]] = ..., memory_peak: _Optional[_Iterable[int]] = ..., read_bytes: _Optional[_Iterable[int]] = ..., write_bytes: _Optional[_Iterable[int]] = ..., details: _Optional[_Iterable[_Union[TaskDetails, _Mapping]]] = ...) -> None: ...

class TasksQuery(_message.Message):
    __slots__ = ["after", "details", "limit", "what"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    after: int
    details: bool
    limit: int
    what: TaskSelector
    def __init__(self, what: _Optional[_Union[TaskSelector, _Mapping]] = ..., after: _Optional[int] = ..., limit: _Optional[int] = ..., details: bool = ...) -> None: ...

class UserView(_message.Message):
    __slots__ = ["fair_share", "history", "name", "share", "used"]
    FAIR_SHARE_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    fair_share: float
    history: ShareHistory
    name: str
    share: float
    used: _job_pb2.Resources
    def __init__(self, name: _Optional[str] = ..., used: _Optional[_Union[_job_pb2.Resources, _Mapping]] = ..., share: _Optional[float] = ..., fair_share: _Optional[float] = ..., history: _Optional[_Union[ShareHistory, _Mapping]] = ...) -> None: ...

class UsersQuery(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ["jobs"]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, jobs: _Optional[_Iterable[str]] = ...) -> None: ...

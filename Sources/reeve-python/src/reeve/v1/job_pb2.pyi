from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttributeConstraint(_message.Message):
    __slots__ = ["attribute", "values"]
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    NOT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, attribute: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ..., **kwargs) -> None: ...

class JobSpec(_message.Message):
    __slots__ = ["addition", "failures_max", "held", "id", "labels", "may_wait_for_nodes", "name", "open", "outer_dependencies", "tasks", "templates", "user"]
    ADDITION_FIELD_NUMBER: _ClassVar[int]
    FAILURES_MAX_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    MAY_WAIT_FOR_NODES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    OUTER_DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    TEMPLATES_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    addition: str
    failures_max: int
    held: bool
    id: str
    labels: _containers.RepeatedCompositeFieldContainer[Variable]
    may_wait_for_nodes: bool
    name: str
    open: bool
    outer_dependencies: _containers.RepeatedCompositeFieldContainer[OuterDependency]
    tasks: TaskColumns
    templates: _containers.RepeatedCompositeFieldContainer[TaskTemplate]
    user: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., user: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[Variable, _Mapping]]] = ..., templates: _Optional[_Iterable[_Union[TaskTemplate, _Mapping]]] = ..., tasks: _Optional[_Union[TaskColumns, _Mapping]] = ..., failures_max: _Optional[int] = ..., held: bool = ..., may_wait_for_nodes: bool = ..., outer_dependencies: _Optional[_Iterable[_Union[OuterDependency, _Mapping]]] = ..., open: bool = ..., addition: _Optional[str] = ...) -> None: ...

class LabelValue(_message.Message):
    __slots__ = ["value", "word"]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    WORD_FIELD_NUMBER: _ClassVar[int]
    value: float
    word: str
    def __init__(self, word: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class OuterDependency(_message.Message):
    __slots__ = ["entry", "job", "kind", "task"]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    entry: int
    job: str
    kind: int
    task: str
    def __init__(self, entry: _Optional[int] = ..., job: _Optional[str] = ..., task: _Optional[str] = ..., kind: _Optional[int] = ...) -> None: ...

class PackedLists(_message.Message):
    __slots__ = ["ends", "strings"]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    STRINGS_FIELD_NUMBER: _ClassVar[int]
    ends: _containers.RepeatedScalarFieldContainer[int]
    strings: PackedStrings
    def __init__(self, strings: _Optional[_Union[PackedStrings, _Mapping]] = ..., ends: _Optional[_Iterable[int]] = ...) -> None: ...

class PackedStrings(_message.Message):
    __slots__ = ["data", "ends"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    ends: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, data: _Optional[bytes] = ..., ends: _Optional[_Iterable[int]] = ...) -> None: ...

class PriorityCriteria(_message.Message):
    __slots__ = ["shares", "terms"]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    shares: _containers.RepeatedCompositeFieldContainer[UserShare]
    terms: _containers.RepeatedCompositeFieldContainer[PriorityTerm]
    def __init__(self, terms: _Optional[_Iterable[_Union[PriorityTerm, _Mapping]]] = ..., shares: _Optional[_Iterable[_Union[UserShare, _Mapping]]] = ...) -> None: ...

class PriorityTerm(_message.Message):
    __slots__ = ["factor", "label", "otherwise", "per", "values", "weight"]
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    OTHERWISE_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    factor: str
    label: str
    otherwise: float
    per: float
    values: _containers.RepeatedCompositeFieldContainer[LabelValue]
    weight: float
    def __init__(self, factor: _Optional[str] = ..., weight: _Optional[float] = ..., per: _Optional[float] = ..., label: _Optional[str] = ..., values: _Optional[_Iterable[_Union[LabelValue, _Mapping]]] = ..., otherwise: _Optional[float] = ...) -> None: ...

class Resources(_message.Message):
    __slots__ = ["cpu_millis", "disk", "memory"]
    CPU_MILLIS_FIELD_NUMBER: _ClassVar[int]
    DISK_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    cpu_millis: int
    disk: int
    memory: int
    def __init__(self, cpu_millis: _Optional[int] = ..., memory: _Optional[int] = ..., disk: _Optional[int] = ...) -> None: ...

class RetryRule(_message.Message):
    __slots__ = ["delay_micros", "exit_codes", "limit", "reasons"]
    DELAY_MICROS_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODES_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    delay_micros: int
    exit_codes: bytes
    limit: int
    reasons: bytes
    def __init__(self, limit: _Optional[int] = ..., delay_micros: _Optional[int] = ..., exit_codes: _Optional[bytes] = ..., reasons: _Optional[bytes] = ...) -> None: ...

class Role(_message.Message):
    __slots__ = ["guarantee", "limit", "name", "weight"]
    GUARANTEE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    guarantee: Resources
    limit: Resources
    name: str
    weight: float
    def __init__(self, name: _Optional[str] = ..., weight: _Optional[float] = ..., guarantee: _Optional[_Union[Resources, _Mapping]] = ..., limit: _Optional[_Union[Resources, _Mapping]] = ...) -> None: ...

class TaskArray(_message.Message):
    __slots__ = ["counts", "entry", "firsts", "parallel", "steps", "values"]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    FIRSTS_FIELD_NUMBER: _ClassVar[int]
    PARALLEL_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedScalarFieldContainer[int]
    entry: int
    firsts: _containers.RepeatedScalarFieldContainer[int]
    parallel: int
    steps: _containers.RepeatedScalarFieldContainer[int]
    values: PackedStrings
    def __init__(self, entry: _Optional[int] = ..., firsts: _Optional[_Iterable[int]] = ..., steps: _Optional[_Iterable[int]] = ..., counts: _Optional[_Iterable[int]] = ..., parallel: _Optional[int] = ..., values: _Optional[_Union[PackedStrings, _Mapping]] = ...) -> None: ...

class TaskColumns(_message.Message):
    __slots__ = ["arguments", "arrays", "dependencies", "dependency_ends", "dependency_kinds", "names", "templates"]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    ARRAYS_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCY_ENDS_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCY_KINDS_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    TEMPLATES_FIELD_NUMBER: _ClassVar[int]
    arguments: PackedLists
    arrays: _containers.RepeatedCompositeFieldContainer[TaskArray]
    dependencies: _containers.RepeatedScalarFieldContainer[int]
    dependency_ends: _containers.RepeatedScalarFieldContainer[int]
    dependency_kinds: bytes
    names: PackedStrings
    templates: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, names: _Optional[_Union[PackedStrings, _Mapping]] = ..., templates: _Optional[_Iterable[int]] = ..., arguments: _Optional[_Union[PackedLists, _Mapping]] = ..., dependency_ends: _Optional[_Iterable[int]] = ..., dependencies: _Optional[_Iterable[int]] = ..., dependency_kinds: _Optional[bytes] = ..., arrays: _Optional[_Iterable[_Union[TaskArray, _Mapping]]] = ...) -> None: ...

class TaskTemplate(_message.Message):
    __slots__ = ["command", "constraints", "deadline_micros", "directory", "environment", "grace_micros", "inputs", "labels", "on_node_loss", "outputs", "priority", "resources", "retry", "time_limit_micros", "warning"]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_MICROS_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    GRACE_MICROS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    ON_NODE_LOSS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    TIME_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    WARNING_FIELD_NUMBER: _ClassVar[int]
    command: _containers.RepeatedScalarFieldContainer[str]
    constraints: _containers.RepeatedCompositeFieldContainer[AttributeConstraint]
    deadline_micros: int
    directory: str
    environment: _containers.RepeatedCompositeFieldContainer[Variable]
    grace_micros: int
    inputs: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.RepeatedCompositeFieldContainer[Variable]
    on_node_loss: int
    outputs: _containers.RepeatedScalarFieldContainer[str]
    priority: int
    resources: Resources
    retry: RetryRule
    time_limit_micros: int
    warning: TimeWarning
    def __init__(self, command: _Optional[_Iterable[str]] = ..., environment: _Optional[_Iterable[_Union[Variable, _Mapping]]] = ..., resources: _Optional[_Union[Resources, _Mapping]] = ..., time_limit_micros: _Optional[int] = ..., grace_micros: _Optional[int] = ..., priority: _Optional[int] = ..., directory: _Optional[str] = ..., on_node_loss: _Optional[int] = ..., retry: _Optional[_Union[RetryRule, _Mapping]] = ..., warning: _Optional[_Union[TimeWarning, _Mapping]] = ..., labels: _Optional[_Iterable[_Union[Variable, _Mapping]]] = ..., inputs: _Optional[_Iterable[str]] = ..., outputs: _Optional[_Iterable[str]] = ..., deadline_micros: _Optional[int] = ..., constraints: _Optional[_Iterable[_Union[AttributeConstraint, _Mapping]]] = ...) -> None: ...

class TimeWarning(_message.Message):
    __slots__ = ["before_micros", "signal"]
    BEFORE_MICROS_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    before_micros: int
    signal: int
    def __init__(self, signal: _Optional[int] = ..., before_micros: _Optional[int] = ...) -> None: ...

class UserShare(_message.Message):
    __slots__ = ["share", "user"]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    share: float
    user: str
    def __init__(self, user: _Optional[str] = ..., share: _Optional[float] = ...) -> None: ...

class Variable(_message.Message):
    __slots__ = ["name", "value"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

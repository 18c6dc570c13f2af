from reeve.v1 import job_pb2 as _job_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttemptColumns(_message.Message):
    __slots__ = ["attempts", "tasks"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    tasks: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., tasks: _Optional[_Iterable[int]] = ...) -> None: ...

class EndColumns(_message.Message):
    __slots__ = ["attempts", "cpu_micros", "details", "earlier", "ended_micros", "memory_peak", "nodes", "read_bytes", "reasons", "started_micros", "statuses", "tasks", "write_bytes"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    CPU_MICROS_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    EARLIER_FIELD_NUMBER: _ClassVar[int]
    ENDED_MICROS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_PEAK_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    READ_BYTES_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    STARTED_MICROS_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    WRITE_BYTES_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    cpu_micros: _containers.RepeatedScalarFieldContainer[int]
    details: _containers.RepeatedCompositeFieldContainer[EndDetail]
    earlier: _containers.RepeatedScalarFieldContainer[int]
    ended_micros: _containers.RepeatedScalarFieldContainer[int]
    memory_peak: _containers.RepeatedScalarFieldContainer[int]
    nodes: _containers.RepeatedScalarFieldContainer[int]
    read_bytes: _containers.RepeatedScalarFieldContainer[int]
    reasons: _containers.RepeatedScalarFieldContainer[int]
    started_micros: _containers.RepeatedScalarFieldContainer[int]
    statuses: _containers.RepeatedScalarFieldContainer[int]
    tasks: _containers.RepeatedScalarFieldContainer[int]
    write_bytes: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., tasks: _Optional[_Iterable[int]] = ..., nodes: _Optional[_Iterable[int]] = ..., reasons: _Optional[_Iterable[int]] = ..., statuses: _Optional[_Iterable[int]] = ..., started_micros: _Optional[_Iterable[int]] = ..., ended_micros: _Optional[_Iterable[int]] = ..., cpu_micros: _Optional[_Iterable[int]] = ..., memory_peak: _Optional[_Iterable[int]] = ..., read_bytes: _Optional[_Iterable[int]] = ..., write_bytes: _Optional[_Iterable[int]] = ..., details: _Optional[_Iterable[_Union[EndDetail, _Mapping]]] = ..., earlier: _Optional[_Iterable[int]] = ...) -> None: ...

class EndDetail(_message.Message):
    __slots__ = ["message", "place", "stderr_tail", "stdout_tail"]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    STDERR_TAIL_FIELD_NUMBER: _ClassVar[int]
    STDOUT_TAIL_FIELD_NUMBER: _ClassVar[int]
    message: str
    place: int
    stderr_tail: bytes
    stdout_tail: bytes
    def __init__(self, place: _Optional[int] = ..., message: _Optional[str] = ..., stdout_tail: _Optional[bytes] = ..., stderr_tail: _Optional[bytes] = ...) -> None: ...

class KillColumns(_message.Message):
    __slots__ = ["attempts", "reasons"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    reasons: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., reasons: _Optional[_Iterable[int]] = ...) -> None: ...

class LaunchColumns(_message.Message):
    __slots__ = ["arguments", "attempts", "indices", "names", "new_templates", "tasks", "templates", "values"]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    NEW_TEMPLATES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    TEMPLATES_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    arguments: _job_pb2.PackedLists
    attempts: _containers.RepeatedScalarFieldContainer[int]
    indices: _containers.RepeatedScalarFieldContainer[int]
    names: _job_pb2.PackedStrings
    new_templates: _containers.RepeatedCompositeFieldContainer[NumberedTemplate]
    tasks: _containers.RepeatedScalarFieldContainer[int]
    templates: _containers.RepeatedScalarFieldContainer[int]
    values: _job_pb2.PackedStrings
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., tasks: _Optional[_Iterable[int]] = ..., templates: _Optional[_Iterable[int]] = ..., names: _Optional[_Union[_job_pb2.PackedStrings, _Mapping]] = ..., arguments: _Optional[_Union[_job_pb2.PackedLists, _Mapping]] = ..., new_templates: _Optional[_Iterable[_Union[NumberedTemplate, _Mapping]]] = ..., indices: _Optional[_Iterable[int]] = ..., values: _Optional[_Union[_job_pb2.PackedStrings, _Mapping]] = ...) -> None: ...

class LostColumns(_message.Message):
    __slots__ = ["attempts", "nodes", "tasks"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    nodes: _containers.RepeatedScalarFieldContainer[int]
    tasks: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., tasks: _Optional[_Iterable[int]] = ..., nodes: _Optional[_Iterable[int]] = ...) -> None: ...

class MessageColumns(_message.Message):
    __slots__ = ["attempts", "lines"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    lines: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., lines: _Optional[_Iterable[bytes]] = ...) -> None: ...

class NumberedTemplate(_message.Message):
    __slots__ = ["job", "number", "role", "template"]
    JOB_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    job: str
    number: int
    role: int
    template: _job_pb2.TaskTemplate
    def __init__(self, number: _Optional[int] = ..., job: _Optional[str] = ..., template: _Optional[_Union[_job_pb2.TaskTemplate, _Mapping]] = ..., role: _Optional[int] = ...) -> None: ...

class StartColumns(_message.Message):
    __slots__ = ["attempts", "nodes", "started_micros", "tasks"]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    STARTED_MICROS_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    nodes: _containers.RepeatedScalarFieldContainer[int]
    started_micros: _containers.RepeatedScalarFieldContainer[int]
    tasks: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, attempts: _Optional[_Iterable[int]] = ..., tasks: _Optional[_Iterable[int]] = ..., nodes: _Optional[_Iterable[int]] = ..., started_micros: _Optional[_Iterable[int]] = ...) -> None: ...

"""Decodes usage events with Python's protobuf, from descriptors written down here and not taken from proto/.

Reads one message in hexadecimal per line; prints one JSON object per line: the message's fields by the schema's names,
and the bytes Python makes of them. Source: telemetry section 1.
"""
import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, timestamp_pb2

try:
    from google.protobuf.message_factory import GetMessageClass
except ImportError:
    from google.protobuf.message_factory import MessageFactory

    GetMessageClass = MessageFactory().GetPrototype

NAMES = [("cluster_name", "string"), ("user_name", "string")]
EVENTS = [
    ("cluster_login", "ConnectClusterLoginEvent", NAMES + [(n, "string") for n in ("connector_type", "arch", "os", "os_version", "app_version")]),
    ("protocol_use", "ConnectProtocolUseEvent", NAMES + [(n, "string") for n in ("protocol", "origin", "access_through")]),
    ("access_request_create", "ConnectAccessRequestCreateEvent", NAMES + [("kind", "string")]),
    ("access_request_review", "ConnectAccessRequestReviewEvent", NAMES),
    ("access_request_assume_role", "ConnectAccessRequestAssumeRoleEvent", NAMES),
    ("file_transfer_run", "ConnectFileTransferRunEvent", NAMES + [("is_upload", "bool")]),
    ("user_job_role_update", "ConnectUserJobRoleUpdateEvent", [("job_role", "string")]),
    ("connect_my_computer_setup", "ConnectConnectMyComputerSetup", NAMES + [("success", "bool"), ("failed_step", "string")]),
    ("connect_my_computer_agent_start", "ConnectConnectMyComputerAgentStart", NAMES),
]

Field = descriptor_pb2.FieldDescriptorProto
TYPES = {"string": Field.TYPE_STRING, "bool": Field.TYPE_BOOL}
PACKAGE = "prehog.v1alpha"


def add_field(message, name, number, kind, type_name=None, oneof=None):
    field = message.field.add(name=name, number=number, type=kind, label=Field.LABEL_OPTIONAL)
    if type_name:
        field.type_name = type_name
    if oneof is not None:
        field.oneof_index = oneof


def request_class():
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    file = descriptor_pb2.FileDescriptorProto(name="judge.proto", package=PACKAGE, syntax="proto3", dependency=["google/protobuf/timestamp.proto"])
    for _, message_name, fields in EVENTS:
        message = file.message_type.add(name=message_name)
        for number, (name, kind) in enumerate(fields, start=1):
            add_field(message, name, number, TYPES[kind])
    request = file.message_type.add(name="SubmitConnectEventRequest")
    request.oneof_decl.add(name="event")
    add_field(request, "distinct_id", 1, Field.TYPE_STRING)
    add_field(request, "timestamp", 2, Field.TYPE_MESSAGE, ".google.protobuf.Timestamp")
    for number, (name, message_name, _) in enumerate(EVENTS, start=3):
        add_field(request, name, number, Field.TYPE_MESSAGE, f".{PACKAGE}.{message_name}", oneof=0)
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.SubmitConnectEventRequest"))


Request = request_class()
for line in sys.stdin:
    message = Request()
    message.ParseFromString(bytes.fromhex(line.strip()))
    fields = json_format.MessageToDict(message, preserving_proto_field_name=True)
    print(json.dumps({"fields": fields, "event": message.WhichOneof("event"), "bytes": message.SerializeToString(deterministic=True).hex()}))

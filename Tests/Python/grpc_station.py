"""A station and a telescope in one: delivers receptions over gRPC, watches the notices that come of them, and tells what it saw as JSON.

Usage: grpc_station.py PORT TOKEN MODULES RECEPTIONS TYPE
MODULES is a folder with what protoc made of the platform's own /protos.zip; RECEPTIONS a file with one {station, receivedAt, octets} a line;
TYPE the notice after which it stops watching.
"""

import base64
import hashlib
import json
import sys

import grpc

port, token, modules, receptions, last_type = sys.argv[1:]
sys.path.insert(0, modules)
from svom.v1 import notices_pb2, packets_pb2  # noqa: E402

TIMEOUT_S = 60
channel = grpc.insecure_channel(f"127.0.0.1:{port}")
bearer = (("authorization", f"Bearer {token}"),)


def stream(kind, method, request, response):
    return getattr(channel, kind)(method, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


ingest = stream("stream_stream", "/svom.v1.PacketService/Ingest", packets_pb2.ReceptionBatch, packets_pb2.IngestAck)
watch = stream("unary_stream", "/svom.v1.NoticeService/Watch", notices_pb2.WatchNoticesRequest, notices_pb2.WatchNoticesResponse)
get = stream("unary_unary", "/svom.v1.NoticeService/Get", notices_pb2.GetNoticeRequest, notices_pb2.Notice)

watched = watch(notices_pb2.WatchNoticesRequest(held=True), timeout=TIMEOUT_S)
begins = next(watched).bookmark.sequence


def batches():
    with open(receptions, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            heard = json.loads(line)
            reception = packets_pb2.Reception(station=heard["station"], octets=base64.b64decode(heard["octets"]))
            reception.received_at.FromJsonString(heard["receivedAt"])
            yield packets_pb2.ReceptionBatch(batch_id=number, receptions=[reception])


acks = list(ingest(batches(), metadata=bearer, timeout=TIMEOUT_S))
again = list(ingest(batches(), metadata=bearer, timeout=TIMEOUT_S))

notices = []
for event in watched:
    if event.WhichOneof("event") == "notice":
        notice = event.notice
        notices.append({"id": notice.id, "sequence": notice.sequence, "voevent": hashlib.sha256(notice.voevent).hexdigest(), "gcn": hashlib.sha256(notice.gcn).hexdigest()})
        if notice.type == last_type:
            break
watched.cancel()


def refused(call):
    try:
        call()
        return None
    except grpc.RpcError as error:
        trailers = dict(error.trailing_metadata())
        return {"code": error.code().name, "type": trailers.get("svom-problem"), "details": "grpc-status-details-bin" in trailers}


print(json.dumps({
    "begins": begins,
    "batches": sorted(ack.batch_id for ack in acks),
    "accepted": sum(ack.stored.accepted for ack in acks),
    "duplicates": sum(ack.stored.duplicates for ack in again),
    "notices": notices,
    "without_token": refused(lambda: list(ingest(batches(), timeout=TIMEOUT_S))),
    "unknown_notice": refused(lambda: get(notices_pb2.GetNoticeRequest(id="sb00000000_none"), timeout=TIMEOUT_S)),
}))

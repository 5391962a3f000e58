#!/usr/bin/env python3
"""A decoder of VHF frames whose layout is read from the reference page, and from nothing else.

    decode_packets.py docs/reference/packets.md < frames.hex

Each input line is one frame in hex digits; each output line is a JSON object with every field.
"""
import json
import re
import sys
from datetime import datetime, timedelta

EPOCH = datetime(2017, 1, 1)


def rows_of(page):
    """Yields (heading, cells) for each row of each table on the page."""
    heading = None
    for line in page.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|") and not re.fullmatch(r"[|:\- ]+", line):
            yield heading, [cell.strip() for cell in line.strip().strip("|").split("|")]


def number(text, otherwise):
    return float(text) if text else otherwise


def field_of(cells):
    name, first, bits, kind, value, limits = cells[:6]
    low, _, high = limits.partition("to")
    formula = re.fullmatch(r"raw(?: × (\S+))?(?: / (\S+))?(?: \+ (\S+))?(?: \[(.*)\])?", value)
    return {
        "name": name.strip("`"), "first": int(first), "bits": int(bits), "kind": kind, "value": value,
        "low": number(low.strip(), None), "high": number(high.strip(), None), "formula": formula.groups() if formula else None,
    }


def fields_of(cells):
    """One field, or all of a repeated one."""
    field = field_of(cells)
    repeated = re.fullmatch(r"(\w+)_\[1 to (\d+)\]", field["name"])
    if not repeated:
        return [field]
    return [{**field, "name": f"{repeated[1]}_{n + 1}", "first": field["first"] + n * field["bits"]} for n in range(int(repeated[2]))]


def read_page(page):
    frame, kinds, tables, units = [], {}, {}, {}
    for heading, cells in rows_of(page):
        packet = re.fullmatch(r"(\w+) \(APID (\d+)\)", heading or "")
        table = re.fullmatch(r"Table: (.*)", heading or "")
        if cells[0] in ("field", "type"):
            continue
        if heading == "Frame":
            frame.extend(fields_of(cells))
        elif packet:
            kinds.setdefault(int(packet[2]), (packet[1], []))[1].extend(fields_of(cells))
        elif table and cells[0] == "code":
            unit = re.search(r"\[(.*)\]", cells[2])
            units[table[1]] = unit[1] if unit else None
        elif table:
            tables.setdefault(table[1], {})[int(cells[0])] = cells[1]
    quaternions = {}
    for section in re.split(r"^## ", page, flags=re.M)[1:]:
        packet = re.match(r"\w+ \(APID (\d+)\)", section)
        if packet:
            quaternions[int(packet[1])] = re.findall(r"`(\w+)`", re.search(r"Unit quaternions: (.*)", section)[1])
    return frame, kinds, tables, units, quaternions


def crc16(octets):
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def time_text(seconds, hundreds_of_ns):
    time = EPOCH + timedelta(seconds=seconds + hundreds_of_ns // 10_000_000)
    fine = f"{hundreds_of_ns % 10_000_000:07d}".rstrip("0")
    return time.strftime("%Y-%m-%dT%H:%M:%S") + ("." + fine if fine else "") + "Z"


def decode_field(field, raw, apid, tables, units):
    kind, bits = field["kind"], field["bits"]
    signed = raw - (1 << bits) if kind == "signed" and raw >> (bits - 1) else raw
    value, unit, in_range = float(signed), None, True
    if kind in ("unsigned", "signed"):
        scale, divisor, offset, unit = field["formula"]
        scale, divisor, offset = number(scale, 1.0), number(divisor, 1.0), number(offset, 0.0)
        value = signed * scale / divisor + offset
        step = abs(scale / divisor) / 2  # Limits count to the nearest step.
        in_range = (field["low"] is None or value > field["low"] - step) and (field["high"] is None or value < field["high"] + step)
    elif kind == "fixed":
        in_range = raw == (apid if field["value"] == "= APID" else int(field["value"].lstrip("= ")))
    elif kind == "padding":
        in_range = raw == 0
    elif kind == "boolean":
        value = "true" if raw else "false"
    elif kind == "enum":
        table = re.fullmatch(r"table \*(.*)\*", field["value"])[1]
        in_range, unit = raw in tables[table], units[table]
        value = tables[table].get(raw, "unknown code")
    elif kind == "seconds":
        value = time_text(raw, 0)
    elif kind == "time":
        value = time_text(raw >> 24, ((raw & 0xFFFFFF) * 10_000_000 + (1 << 23)) >> 24)
    return {"name": field["name"], "raw": raw, "value": value, "unit": unit, "in_range": in_range}


def decode(octets, frame, kinds, tables, units, quaternions):
    if crc16(octets[:-2]) != int.from_bytes(octets[-2:], "big"):
        raise ValueError("CRC does not match")
    word = int.from_bytes(octets, "big")
    read = lambda field: (word >> (len(octets) * 8 - field["first"] - field["bits"])) & ((1 << field["bits"]) - 1)
    apid = read(next(field for field in frame if field["name"] == "Packet_Apid"))
    kind, own = kinds[apid]
    fields = [decode_field(field, read(field), apid, tables, units) for field in sorted(frame + own, key=lambda field: field["first"])]
    by_name = {field["name"]: field for field in fields}
    for prefix in quaternions[apid]:
        four = [by_name[f"{prefix}Q{n}"] for n in range(4)]
        if abs(sum(part["value"] ** 2 for part in four) - 1) > 0.000001:
            for part in four:
                part["in_range"] = False
    return {"kind": kind, "apid": apid, "fields": fields}


def main():
    with open(sys.argv[1], encoding="utf-8") as page:
        layout = read_page(page.read())
    for line in sys.stdin:
        print(json.dumps(decode(bytes.fromhex(line.strip()), *layout)))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-2.0-or-later
"""The bulk format and the index template of Elasticsearch and OpenSearch."""
import hashlib
import json
import tempfile

import job

LONG = {"type": "long"}
WORD = {"type": "keyword", "ignore_above": 8191}
PROSE = {"type": "text"}
SECONDS = {"type": "double"}  # before 4.6 tshark has these as dates
OURS = {  # what tshark knows nothing of
    "file": WORD, "client": WORD, "server": WORD, "repeats": LONG,
    "elsewhere": {"properties": {"field": WORD, "file": WORD, "frame": LONG}}}


def joined(pairs):
    """One layer of each name: 4.6 prints some in two pieces."""
    found = {}
    for name, value in pairs:
        if name in found and "properties" in value:
            value = {"properties": {**found[name]["properties"], **value["properties"]}}
        found[name] = value
    return found


def types():
    """tshark's type of every field that is in a document.

    tshark -G elastic-mapping has our fields inside layers.tcp_abort, tshark -T ek beside it.
    """
    with tempfile.TemporaryDirectory() as place:
        status, mapping, said = job.Tools(place).run(
            "tshark", "-G", "elastic-mapping", "--elastic-mapping-filter",
            "frame,ip,ipv6,tcp,tcp_abort")
    if status:
        raise SystemExit(f"bulk: tshark -G elastic-mapping: {said}")
    mappings = json.loads(mapping, object_pairs_hook=joined)["mappings"]
    layers = mappings["properties"]["layers"]["properties"]
    own = layers.pop("tcp_abort")["properties"]
    return {**{name: layer["properties"] for name, layer in layers.items()}, "own": own}


def template(index):
    known = types()
    wanted = {"frame": ("frame_frame_number", "frame_frame_time"),
              "ip": ("ip_ip_src", "ip_ip_dst"), "ipv6": ("ipv6_ipv6_src", "ipv6_ipv6_dst"),
              "tcp": ("tcp_tcp_srcport", "tcp_tcp_dstport", "tcp_tcp_stream",
                      "tcp_tcp_completeness")}
    layers = {layer: {"properties": {name: known[layer][name] for name in names}}
              for layer, names in wanted.items()}
    for field in job.OWN[:-1]:
        name = job.ek(field)
        if field in job.INTERVALS:
            layers[name] = SECONDS
        else:
            layers[name] = known["own"].get(name) or (
                WORD if field.endswith(".name") or field == "alternative" else PROSE)
        if field in job.WORDS:
            layers[name + "_name"] = WORD
    properties = {"timestamp": {"type": "date"}, "layers": {"properties": layers}, **OURS}
    return {"index_patterns": [f"{index}*"],
            "template": {"mappings": {"dynamic": False, "properties": properties}}}


def write(output, index):
    """aborts.template.json and aborts.bulk; loading it twice changes nothing."""
    with open(output / "aborts.template.json", "w", encoding="utf-8") as file:
        json.dump(template(index), file, indent=2)
        file.write("\n")
    with open(output / "aborts.ndjson", encoding="utf-8") as lines, \
            open(output / "aborts.bulk", "w", encoding="utf-8") as file:
        for line in lines:
            document = json.loads(line)
            place = f"{document['file']}\0{document['layers']['frame']['frame_frame_number']}"
            action = {"_index": index, "_id": hashlib.sha256(place.encode()).hexdigest()[:32]}
            file.write(json.dumps({"index": action}) + "\n" + line)

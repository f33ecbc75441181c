-- SPDX-License-Identifier: GPL-2.0-or-later
-- For the benchmark: a post-dissector that reads of every segment what a verdict needs, and keeps
-- for each stream the little it takes to show the last segment before a reset.
local proto = Proto("equal_reach", "What a verdict needs, in Lua")
local trigger = ProtoField.uint32("equal_reach.trigger", "Trigger")
proto.fields = { trigger }

local stream, flags = Field.new("tcp.stream"), Field.new("tcp.flags")
local seq, ack, len = Field.new("tcp.seq_raw"), Field.new("tcp.ack_raw"), Field.new("tcp.len")
local window, ttl, id = Field.new("tcp.window_size_value"), Field.new("ip.ttl"), Field.new("ip.id")
local streams, answered = {}, {}

function proto.init()
    streams, answered = {}, {}
end

function proto.dissector(_, pinfo, tree)
    local number = stream()

    if not number then
        return
    end
    if not pinfo.visited then
        local segment = {
            frame = pinfo.number, time = pinfo.rel_ts, flags = flags().value, seq = seq().value,
            ack = ack().value, len = len().value, window = window().value,
            ttl = ttl() and ttl().value, id = id() and id().value,
        }
        if bit.band(segment.flags, 4) ~= 0 then
            local before = streams[number.value]
            answered[pinfo.number] = before and before.frame
        end
        streams[number.value] = segment
    end
    if answered[pinfo.number] then
        tree:add(proto):add(trigger, answered[pinfo.number])
    end
end

register_postdissector(proto)

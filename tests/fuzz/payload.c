/* Fuzzes the readers of payload: two sides talk, in pieces, with gaps, snapped.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"
#include "goodbye.h"
#include "talk.h"

static const uint32_t first_seq = 0xfffffff0;

enum { OTHER_SIDE = 0x80, GAP = 0x40, SNAPPED = 0x20, AGAIN = 0x10 };

static void read_alone(const uint8_t *bytes, size_t captured, uint32_t len)
{
    struct http_head head;

    if (http_head_read(bytes, (uint32_t)captured, &head))
        require(head.size <= captured && head.body <= BODY_UNTIL_CLOSE, "a head beyond its bytes");
    goodbye_is_said(bytes, (uint32_t)captured, len);
}

static void check(const struct talk *talk, enum speech speech)
{
    require(speech <= SPEECH_WORD, "no such speech");
    require(talk->head_bytes <= TALK_HEAD_MAX, "more of a head than there is room for");
    require(talk->protocol <= TALK_HTTP2 && talk->body <= BODY_UNTIL_CLOSE &&
                talk->farewell <= FAREWELL_YES,
            "no such protocol, body or farewell");
    talk_is_cut(talk);
}

/* Each piece: what is odd about it, its size, and as many bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    struct talk talk[2] = { { .next = first_seq }, { .next = first_seq } };
    uint32_t seq[2] = { first_seq, first_seq };

    while (input.left) {
        uint8_t kind = take8(&input), side = kind / OTHER_SIDE;
        uint32_t len = take16(&input) & 0x7ff;
        uint32_t start = seq[side] + (kind & GAP ? 5 : 0) - (kind & AGAIN ? len / 2 + 1 : 0);
        size_t taken;
        uint8_t *bytes = take_bytes(&input, kind & SNAPPED ? len / 2 : len, &taken);
        struct segment seg = {
            .flags = SEGMENT_ACK,
            .side = side,
            .seq = start,
            .len = kind & SNAPPED ? len : (uint32_t)taken,
            .captured = (uint32_t)taken,
            .payload = bytes,
        };

        read_alone(bytes, taken, seg.len);
        if (seg.len)
            check(&talk[side], talk_hear(&talk[side], &talk[!side], &seg));
        if ((int32_t)(segment_end(&seg) - seq[side]) > 0)
            seq[side] = segment_end(&seg);
        free(bytes);
    }
    return 0;
}

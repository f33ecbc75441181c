/* Fuzzes the readers of payload: two sides talk, in pieces, with gaps, snapped.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"
#include "hear.h"

static const uint32_t first_seq = 0xfffffff0;

enum { OTHER_SIDE = 0x80, GAP = 0x40, SNAPPED = 0x20, AGAIN = 0x10 };

static void check(const struct talk *talk, enum speech speech)
{
    struct ending ending = talk_ending(talk);
    uint32_t start;

    require(speech <= SPEECH_WORD, "no such speech");
    require(talk->head_bytes <= FRAMING_HEAD_MAX, "more of a head than there is room for");
    require(talk->protocol < TALK_PROTOCOLS, "no such protocol");
    require(ending.missing >= 0 && (ending.entirety == ENTIRE_CUT || !ending.missing),
            "bytes are missing of what is not cut");
    require(talk_message(talk) != NULL, "a message without a name");
    talk_alert(talk);
    talk_farewell(talk, 0, true, &start);
}

/* What it says when it turns the other side away can be shown. */
static void quote(const struct talk *talk, const struct segment *seg)
{
    struct last_words words;

    if (!talk->refused || talk->next != segment_end(seg))
        return;
    talk_quote(talk, seg, &words);
    for (size_t i = 0; i < sizeof words.text; i++) {
        if (!words.text[i])
            return;
        require(words.text[i] >= ' ' && words.text[i] <= '~', "words that cannot be shown");
    }
    require(false, "words without an end");
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

        if (seg.len) {
            check(&talk[side], talk_hear(&talk[side], &talk[!side], &seg));
            quote(&talk[side], &seg);
        }
        if ((int32_t)(segment_end(&seg) - seq[side]) > 0)
            seq[side] = segment_end(&seg);
        free(bytes);
    }
    return 0;
}

/* The packets that tell how a connection ended.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ladder.h"

#include <stddef.h>

enum {
    LATEST = 9,      /* segments shown whatever they are */
    LOOK_BACK = 256, /* segments looked at for details of the others */
    SEVEN_BITS = 1 << 7
};

static struct rung *ladder_find(const struct ladder *ladder, uint32_t frame)
{
    for (unsigned i = 0; i < ladder->count; i++)
        if (ladder->rung[i].frame == frame)
            return &ladder->rung[i];
    return NULL;
}

static void ladder_put(struct ladder *ladder, struct rung rung)
{
    unsigned at = ladder->count;

    if (!rung.frame || ladder->count == ladder->room || ladder_find(ladder, rung.frame))
        return;
    for (; at && ladder->rung[at - 1].frame > rung.frame; at--)
        ladder->rung[at] = ladder->rung[at - 1];
    ladder->rung[at] = rung;
    ladder->count++;
}

static void put_chain(struct ladder *ladder, const struct chain *chain, uint8_t side)
{
    if (!chain->count)
        return;
    ladder_put(ladder, (struct rung){ chain->first_ns, chain->first_frame, .side = side });
    ladder_put(ladder, (struct rung){ chain->last_ns, chain->last_frame, .side = side });
}

/* What is known of a side however long ago it was. */
static void put_side(struct ladder *ladder, const struct side *side, uint8_t which)
{
    uint8_t syn = SEGMENT_SYN | (side->syn_ack ? SEGMENT_ACK : 0);

    ladder_put(ladder, (struct rung){ side->syn_ns, side->syn_frame, .flags = syn, .side = which });
    ladder_put(ladder,
               (struct rung){ side->fin_ns, side->fin_frame, .flags = SEGMENT_FIN, .side = which });
    ladder_put(ladder, (struct rung){ side->word_ns, side->word_frame, .side = which });
    put_chain(ladder, side_retransmission(side), which);
    put_chain(ladder, side_probe(side), which);
}

static bool opens_turn(const struct side *side, const struct step *step)
{
    return step->len && step->seq == side->turn_seq;
}

/* Between the first and the last of a chain, which stand for it. */
static bool is_inside(const struct chain *chain, const struct step *step)
{
    return chain->count > 2 && step->seq == chain->seq && step->frame > chain->first_frame &&
           step->frame < chain->last_frame;
}

void ladder_collect(struct ladder *ladder, const struct flow *flow, const struct trail *trail,
                    const struct segment *rst)
{
    unsigned latest = 0;
    const struct step *step = trail_step(trail, flow->trail);

    if (rst)
        ladder_add(ladder, rst);
    for (uint8_t side = 0; side < 2; side++)
        put_side(ladder, &flow->side[side], side);
    for (unsigned i = 0; step && i < LOOK_BACK; i++) {
        const struct side *side = &flow->side[step->side];
        struct rung rung = { step->time_ns, step->frame, step->seq, step->len,
                             step->flags,   step->side,  true };
        struct rung *known = ladder_find(ladder, step->frame);

        if (known)
            *known = rung;
        else if ((latest < LATEST || opens_turn(side, step)) &&
                 !is_inside(side_retransmission(side), step) && !is_inside(side_probe(side), step))
            ladder_put(ladder, rung);
        latest++;
        step = trail_step(trail, step->previous);
    }
}

void ladder_add(struct ladder *ladder, const struct segment *seg)
{
    ladder_put(ladder, (struct rung){ seg->time_ns, seg->frame, seg->seq, seg->len, seg->flags,
                                      seg->side, true });
}

/* Seven bits a byte, the lowest first; while more follow the eighth is set (LEB128). */
static uint8_t *put(uint8_t *at, uint64_t number)
{
    for (; number >= SEVEN_BITS; number /= SEVEN_BITS)
        *at++ = (uint8_t)(number % SEVEN_BITS + SEVEN_BITS);
    *at = (uint8_t)number;
    return at + 1;
}

static uint64_t take(const uint8_t **at)
{
    uint64_t number = 0, unit = 1;

    for (; **at >= SEVEN_BITS; unit *= SEVEN_BITS)
        number += unit * (*(*at)++ - SEVEN_BITS);
    return number + unit * *(*at)++;
}

/* Small ones stay small, be they above zero or below. */
static uint64_t fold(int64_t number)
{
    return number < 0 ? 2 * ~(uint64_t)number + 1 : 2 * (uint64_t)number;
}

static int64_t unfold(uint64_t folded)
{
    return folded % 2 ? -1 - (int64_t)(folded / 2) : (int64_t)(folded / 2);
}

/* What is not whole has neither a number nor a length. */
uint16_t ladder_pack(const struct ladder *ladder, uint8_t packed[LADDER_BYTES])
{
    struct rung before = { 0 };
    uint32_t seq[2] = { 0, 0 };
    uint8_t *at = packed;

    for (unsigned i = 0; i < ladder->count; i++) {
        const struct rung *rung = &ladder->rung[i];

        at = put(at, rung->frame - before.frame);
        at = put(at, fold(rung->time_ns - before.time_ns));
        at = put(at, 2 * (2 * (uint64_t)rung->len + rung->side) + rung->whole);
        *at++ = rung->flags;
        if (rung->whole) {
            at = put(at, fold((int32_t)(rung->seq - seq[rung->side])));
            seq[rung->side] = rung->seq;
        }
        before = *rung;
    }
    return (uint16_t)(at - packed);
}

static void unpack(struct ladder *ladder, const uint8_t *at)
{
    struct rung before = { 0 };
    uint32_t seq[2] = { 0, 0 };

    for (unsigned i = 0; i < ladder->count; i++) {
        struct rung *rung = &ladder->rung[i];
        uint64_t what;

        rung->frame = before.frame + (uint32_t)take(&at);
        rung->time_ns = before.time_ns + unfold(take(&at));
        what = take(&at);
        rung->len = (uint32_t)(what / 4);
        rung->side = what / 2 % 2;
        rung->whole = what % 2;
        rung->flags = *at++;
        if (rung->whole)
            seq[rung->side] += (uint32_t)unfold(take(&at));
        rung->seq = rung->whole ? seq[rung->side] : 0;
        before = *rung;
    }
}

struct ladder ladder_of(const struct kept_ladder *kept, struct rung *rungs)
{
    struct ladder ladder = { kept->bytes ? rungs : kept->rung, kept->count, kept->count };

    if (kept->bytes)
        unpack(&ladder, kept->packed);
    return ladder;
}

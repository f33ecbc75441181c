/* A ladder as people draw it: what goes on in order is one step.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "stretch.h"

#include "label.h"
#include "say.h"
#include "seq.h"

#define LONG_NS INT64_C(1000000000) /* a pause that is drawn as one */

static bool is_plain(const struct scene *s, const struct rung *rung)
{
    return rung->whole && !(rung->flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST)) &&
           !label_remark(s, rung);
}

static bool is_plain_ack(const struct scene *s, const struct rung *rung)
{
    return is_plain(s, rung) && !rung->len;
}

static bool goes_on_with(const struct scene *s, const struct stretch *stretch,
                         const struct rung *rung)
{
    const struct rung *last = stretch->last;

    return is_plain(s, stretch->first) && is_plain(s, rung) && rung->side == last->side &&
           !rung->len == !last->len && rung->seq == last->seq + last->len &&
           rung->time_ns - last->time_ns < LONG_NS;
}

/* What is drawn of a side. */
struct drawn {
    uint32_t end; /* raw sequence number; valid with `any` */
    bool any;
};

/* Bytes between what is drawn of the side and the rung, which is drawn now. */
static uint32_t skip_to(struct drawn *drawn, const struct rung *rung)
{
    struct drawn before = *drawn;
    uint32_t syn = !!(rung->flags & SEGMENT_SYN);

    if (!rung->whole || rung->flags & SEGMENT_RST)
        return 0;
    if (!before.any || seq_before(before.end, rung->seq + rung->len + syn))
        *drawn = (struct drawn){ rung->seq + rung->len + syn, true };
    return before.any && rung->len && seq_before(before.end, rung->seq) ? rung->seq - before.end
                                                                        : 0;
}

unsigned stretches(const struct scene *s, struct stretch *out)
{
    struct rung *rungs = wmem_alloc_array(s->pool, struct rung, LADDER_ROOM);
    const struct ladder ladder = ladder_of(&s->ruling->ladder, rungs);
    struct drawn drawn[2] = { { 0 } };
    unsigned count = 0;
    int64_t before_ns = 0;

    for (unsigned i = 0; i < ladder.count; i++) {
        const struct rung *rung = &ladder.rung[i];
        struct stretch *stretch = count ? &out[count - 1] : NULL;
        int64_t pause_ns = count ? rung->time_ns - before_ns : 0;
        uint32_t skipped = skip_to(&drawn[rung->side], rung);

        before_ns = rung->time_ns;
        if (stretch && goes_on_with(s, stretch, rung)) {
            stretch->last = rung;
            stretch->packets++;
            stretch->bytes += rung->len;
            continue;
        }
        if (stretch && is_plain_ack(s, rung) && rung->side != stretch->first->side &&
            i + 1 < ladder.count && stretch->bytes && goes_on_with(s, stretch, &ladder.rung[i + 1]))
            continue; /* it only acknowledges what goes on */
        out[count++] = (struct stretch){
            rung, rung, 1, rung->len, pause_ns >= LONG_NS ? pause_ns : 0, skipped,
        };
    }
    return count;
}

const char *stretch_text(wmem_allocator_t *pool, const struct stretch *stretch)
{
    if (stretch->packets == 1)
        return label_text(pool, stretch->first);
    if (!stretch->bytes)
        return wmem_strdup_printf(pool, say("%u ACKs"), stretch->packets);
    return wmem_strdup_printf(pool, say("%u segments, %u bytes"), stretch->packets, stretch->bytes);
}

const char *stretch_gap(wmem_allocator_t *pool, const struct stretch *stretch)
{
    const char *pause = stretch->pause_ns ? prose_duration(pool, stretch->pause_ns) : NULL;
    const char *bytes = stretch->skipped
                            ? wmem_strdup_printf(pool, say("%u bytes in between"), stretch->skipped)
                            : NULL;

    return pause && bytes ? wmem_strdup_printf(pool, say("%s, %s"), pause, bytes)
           : pause        ? pause
                          : bytes;
}

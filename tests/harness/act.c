/* What befalls captures on their way.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "act.h"

#include "duration.h"

#include <string.h>

enum { NEAR = 8, PATHS = 4, HOPS = 4, REPASS_MAX_MS = 300 };

static struct segment *segment_of(struct tape *tape, size_t n)
{
    return &tape->take[n].sighting.segment;
}

static bool is_sent_between(const struct take *take, const struct take *ends, int reverse)
{
    const uint16_t *port = take->sighting.segment.port, *end = ends->sighting.segment.port;

    return port[0] == end[reverse] && port[1] == end[!reverse] &&
           !memcmp(take->address[0], ends->address[reverse], ADDRESS_BYTES_MAX) &&
           !memcmp(take->address[1], ends->address[!reverse], ADDRESS_BYTES_MAX);
}

static void lose(struct tape *tape, size_t n, uint16_t far)
{
    (void)far;
    if (tape->count == 1)
        return;
    memmove(&tape->take[n], &tape->take[n + 1], (tape->count - n - 1) * sizeof *tape->take);
    tape->count--;
}

static void swap(struct tape *tape, size_t n, size_t with)
{
    const struct take kept = tape->take[n];

    tape->take[n] = tape->take[with];
    tape->take[with] = kept;
}

/* Behind the n-th. */
static void insert(struct tape *tape, const struct take *take, size_t n)
{
    tape_add(tape, take);
    for (size_t i = tape->count - 1; i > n + 1; i--)
        swap(tape, i, i - 1);
}

static void insert_again(struct tape *tape, size_t n, uint16_t far)
{
    const struct take again = tape->take[n];

    insert(tape, &again, n + far % NEAR);
}

static void swap_near(struct tape *tape, size_t n, uint16_t far)
{
    swap(tape, n, (n + far % NEAR) % tape->count);
}

static void cut(struct tape *tape, size_t n, uint16_t far)
{
    if (far % NEAR == 0)
        tape->count = n + 1;
}

static void begin(struct tape *tape, size_t n, uint16_t far)
{
    if (far % NEAR != 0)
        return;
    memmove(tape->take, &tape->take[n], (tape->count - n) * sizeof *tape->take);
    tape->count -= n;
}

static void shift(struct tape *tape, size_t n, uint16_t far)
{
    int64_t ns = (int64_t)(far & 0x7fff) * (far & 0x7fff) * 30000;

    for (; n < tape->count; n++)
        segment_of(tape, n)->time_ns += far & 0x8000 ? -ns : ns;
}

static void turn(struct tape *tape, size_t n, uint16_t far)
{
    struct take *take = &tape->take[n];
    const struct take kept = *take;

    (void)far;
    for (int end = 0; end < 2; end++) {
        memcpy(take->address[end], kept.address[!end], ADDRESS_BYTES_MAX);
        take->sighting.segment.port[end] = kept.sighting.segment.port[!end];
    }
}

static void silence(struct tape *tape, size_t n, uint16_t far)
{
    const struct take ends = tape->take[n];
    size_t kept = 0;

    for (size_t i = 0; i < tape->count; i++)
        if (i == n || !is_sent_between(&tape->take[i], &ends, far & 1))
            tape->take[kept++] = tape->take[i];
    tape->count = kept;
}

static void snap(struct tape *tape, size_t n, uint16_t far)
{
    (void)n;
    for (size_t i = 0; i < tape->count; i++)
        if (segment_of(tape, i)->captured > (far & 0xff))
            segment_of(tape, i)->captured = far & 0xff;
}

/* Near, as what was lost is, or far, as another connection's. */
static void renumber(struct tape *tape, size_t n, uint16_t far)
{
    const struct take ends = tape->take[n];
    uint32_t distance = far & 1 ? far : (uint32_t)far * 65599;

    for (; n < tape->count; n++) {
        if (is_sent_between(&tape->take[n], &ends, 0))
            segment_of(tape, n)->seq += distance;
        else if (is_sent_between(&tape->take[n], &ends, 1))
            segment_of(tape, n)->ack += distance;
    }
}

static void join(struct tape *tape, size_t n, uint16_t far)
{
    const struct take from = tape->take[n], to = tape->take[far % tape->count];

    for (size_t i = 0; i < tape->count; i++)
        for (int reverse = 0; reverse < 2; reverse++) {
            struct take *take = &tape->take[i];

            if (!is_sent_between(take, &from, reverse))
                continue;
            for (int end = 0; end < 2; end++) {
                memcpy(take->address[end], to.address[end ^ reverse], ADDRESS_BYTES_MAX);
                take->sighting.segment.port[end] = to.sighting.segment.port[end ^ reverse];
            }
            take->sighting.address_bytes = to.sighting.address_bytes;
            break;
        }
}

static void retag(struct tape *tape, size_t n, uint16_t far)
{
    const struct take ends = tape->take[n];

    for (; n < tape->count; n++)
        if (is_sent_between(&tape->take[n], &ends, 0))
            tape->take[n].sighting.path = far % PATHS;
}

static void forget(struct tape *tape, size_t n, uint16_t far)
{
    struct segment *seg = segment_of(tape, n);

    if (far & 1) {
        seg->has_timestamp = false;
        seg->tsval = seg->tsecr = 0;
    } else {
        seg->has_ip_id = false;
        seg->ip_id = 0;
        seg->ttl = 0;
    }
}

static void repass(struct tape *tape, size_t n, uint16_t far)
{
    struct take again = tape->take[n];
    struct segment *seg = &again.sighting.segment;
    uint8_t hops = far % HOPS;

    seg->time_ns += duration_of_us((int64_t)far * REPASS_MAX_MS * 1000 / UINT16_MAX);
    if (seg->ttl > hops)
        seg->ttl = (uint8_t)(seg->ttl - hops);
    while (n + 1 < tape->count && segment_of(tape, n + 1)->time_ns < seg->time_ns)
        n++;
    insert(tape, &again, n);
}

static void flag(struct tape *tape, size_t n, uint16_t far)
{
    segment_of(tape, n)->flags ^= (uint8_t)(1U << far % 6);
}

void act_befall(struct tape *tape, enum act act, size_t n, uint16_t far)
{
    static void (*const acts[ACTS])(struct tape * tape, size_t n, uint16_t far) = {
        [ACT_LOSE] = lose,         [ACT_DOUBLE] = insert_again, [ACT_SWAP] = swap_near,
        [ACT_CUT] = cut,           [ACT_SHIFT] = shift,         [ACT_TURN] = turn,
        [ACT_BEGIN] = begin,       [ACT_SILENCE] = silence,     [ACT_SNAP] = snap,
        [ACT_RENUMBER] = renumber, [ACT_JOIN] = join,           [ACT_RETAG] = retag,
        [ACT_FORGET] = forget,     [ACT_REPASS] = repass,       [ACT_FLAG] = flag,
    };

    if (acts[act])
        acts[act](tape, n, far);
}

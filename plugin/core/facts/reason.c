/* The reason a RST states itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "reason.h"

#include "bytes.h"
#include "option.h"
#include "seq.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    OPTION_MPTCP = 30,
    MP_FASTCLOSE = 7,
    MP_TCPRST = 8,
    MP_TCPRST_BYTES = 4,
    MPTCP_ERROR = 1,
    MP_TRANSIENT = 1, /* the T flag */
    MAGIC_CODE = 0x33aa,
    MAGIC_TEXT = 0xf317, /* until the draft became the working group's */
    CODE_BYTES = 8,
    WORTH_READING = 4,
    NETSCALER_FIRST = 8196,
    NETSCALER_LAST = 10100,
};

static const char *const mptcp_reasons[] = {
#define MPTCP_REASON(code, text) [code] = text,
#define DIAGNOSTIC_REASON(code, text, CAUSE_ID)
#include "reasons.def"
};

static const struct {
    const char *text;
    enum cause cause;
} diagnostic_reasons[] = {
#define MPTCP_REASON(code, text)
#define DIAGNOSTIC_REASON(code, words, CAUSE_ID) [code] = { words, CAUSE_##CAUSE_ID },
#include "reasons.def"
};

enum { DIAGNOSTIC_REASONS = sizeof diagnostic_reasons / sizeof diagnostic_reasons[0] };

/* The first Multipath TCP option of that subtype; without bytes: there is none. */
static struct option find_mptcp(const struct segment *rst, unsigned subtype)
{
    struct option option = { .bytes = NULL };

    while (option_next(rst, &option))
        if (option.bytes[0] == OPTION_MPTCP && option.length >= 3 &&
            option.bytes[2] >> 4 == subtype)
            return option;
    return (struct option){ .bytes = NULL };
}

bool reason_is_mptcp(const struct segment *rst)
{
    return find_mptcp(rst, MP_TCPRST).bytes;
}

bool reason_is_mptcp_error(const struct segment *rst)
{
    struct option option = find_mptcp(rst, MP_TCPRST);

    return option.length == MP_TCPRST_BYTES && option.bytes[3] == MPTCP_ERROR;
}

static struct reason read_mptcp(const struct segment *rst)
{
    struct reason reason = { .cause = CAUSE_NONE };
    struct option option = find_mptcp(rst, MP_TCPRST);

    if (option.length == MP_TCPRST_BYTES) {
        if (option.bytes[3] < sizeof mptcp_reasons / sizeof mptcp_reasons[0])
            reason.meaning = mptcp_reasons[option.bytes[3]];
        snprintf(reason.text, sizeof reason.text, "MP_TCPRST: %s (%u)%s",
                 reason.meaning ? reason.meaning : "unassigned", option.bytes[3],
                 option.bytes[2] & MP_TRANSIENT ? ", transient" : "");
    } else if (find_mptcp(rst, MP_FASTCLOSE).bytes)
        snprintf(reason.text, sizeof reason.text,
                 "MP_FASTCLOSE: the whole Multipath TCP connection is closed");
    return reason;
}

/* Text as it can be shown; false when it is not text. */
static bool copy_text(char *out, size_t size, const uint8_t *bytes, uint32_t count)
{
    uint32_t printable = 0, i;

    for (i = 0; i < count && i + 1 < size; i++) {
        bool shown = bytes[i] >= 0x20 && bytes[i] < 0x7f;

        printable += shown;
        out[i] = shown ? (char)bytes[i] : '.';
    }
    out[i] = '\0';
    return count >= WORTH_READING && printable * 5 >= i * 4;
}

/* What is malformed, or cut short by the capture, is ignored, as receivers have to. */
static void read_code(const struct segment *rst, struct reason *reason)
{
    bool whole = rst->len == CODE_BYTES && rst->captured >= CODE_BYTES;
    unsigned code = whole ? bytes_read16(rst->payload + 2) : 0;

    if (!code)
        return;
    reason->enterprise = bytes_read32(rst->payload + 4);
    if (reason->enterprise) {
        snprintf(reason->text, sizeof reason->text,
                 "diagnostic payload: code %u of enterprise %" PRIu32, code, reason->enterprise);
        return;
    }
    if (code < DIAGNOSTIC_REASONS) {
        reason->cause = diagnostic_reasons[code].cause;
        reason->meaning = diagnostic_reasons[code].text;
    }
    snprintf(reason->text, sizeof reason->text, "diagnostic payload: %s (%u)",
             reason->meaning ? reason->meaning : "not a registered reason", code);
}

static struct reason read_payload(const struct segment *rst)
{
    struct reason reason = { .cause = CAUSE_NONE };
    const uint8_t *p = rst->payload;
    unsigned magic;

    if (!p || rst->captured < 2)
        return reason;
    magic = bytes_read16(p);
    if (magic == MAGIC_CODE)
        read_code(rst, &reason);
    else if (magic == MAGIC_TEXT)
        copy_text(reason.text, sizeof reason.text, p + 2, rst->captured - 2);
    else if (!copy_text(reason.text, sizeof reason.text, p, rst->captured))
        reason.text[0] = '\0';
    return reason;
}

struct reason reason_read(const struct segment *rst)
{
    struct reason reason = read_payload(rst);

    return reason.text[0] ? reason : read_mptcp(rst);
}

struct reason reason_read_in(const struct flow *flow, const struct segment *rst)
{
    const struct side *sender = &flow->side[rst->side];
    struct segment without = *rst;

    if (sender->seen && (seq_before(rst->seq, sender->snd_nxt) || talk_is_cut(&sender->talk)))
        without.payload = NULL;
    return reason_read(&without);
}

struct reason reason_of_netscaler(const struct segment *rst)
{
    struct reason reason = { .cause = CAUSE_NONE };

    if (rst->window >= NETSCALER_FIRST && rst->window <= NETSCALER_LAST)
        snprintf(reason.text, sizeof reason.text, "NetScaler reset code %u (in the window)",
                 rst->window);
    return reason;
}

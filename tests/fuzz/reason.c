/* Fuzzes the readers of what a RST states itself: options and payload in, one clean line out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "reason.h"

#include "fuzz.h"

static void check(const struct reason *reason)
{
    size_t length = strnlen(reason->text, sizeof reason->text);

    require(length < sizeof reason->text, "a text without an end");
    for (size_t i = 0; i < length; i++)
        require(reason->text[i] >= ' ' && reason->text[i] <= '~', "what cannot be printed");
    require(reason->cause == CAUSE_NONE || cause_info(reason->cause) != NULL, "no such cause");
}

/* Flags, window, bytes of options, and these; the rest is payload. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    struct segment rst = { .frame = 1 };
    uint8_t *options, *payload;
    struct reason reason;
    size_t taken;

    rst.flags = take8(&input) | SEGMENT_RST;
    rst.window = take16(&input);
    rst.options = options = take_bytes(&input, take8(&input) % 41, &taken);
    rst.option_bytes = (uint8_t)taken;
    rst.payload = payload = take_bytes(&input, 2000, &taken);
    rst.captured = rst.len = (uint32_t)taken;
    reason = reason_read(&rst);
    check(&reason);
    reason = reason_of_netscaler(&rst);
    check(&reason);
    reason_is_mptcp_error(&rst);
    free(options);
    free(payload);
    return 0;
}

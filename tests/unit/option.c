/* What TCP options say, and that damaged ones end the list.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "option.h"

#include "suite.h"

#include <string.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1
#define TIMESTAMPS  "\x08\x0a\x01\x02\x03\x04\xff\xfe\xfd\xfc"

struct row {
    const uint8_t *bytes;
    size_t size;
    unsigned count;
    unsigned shift;
    bool timestamp;
    bool is_signed;
};

static const struct row rows[] = {
    { BYTES(""), 0, SEGMENT_NO_SHIFT, false, false },
    { BYTES("\1\1\1"), 0, SEGMENT_NO_SHIFT, false, false },
    { BYTES("\2\4\5\xb4\4\2" TIMESTAMPS "\1\3\3\7"), 4, 7, true, false },
    { BYTES("\1\1" TIMESTAMPS), 1, SEGMENT_NO_SHIFT, true, false },
    { BYTES("\3\3\x0e"), 1, 14, false, false },
    { BYTES("\3\3\x0f"), 1, 14, false, false },
    { BYTES("\3\4\7\0"), 1, SEGMENT_NO_SHIFT, false, false },
    { BYTES("\x08\4\1\2"), 1, SEGMENT_NO_SHIFT, false, false },
    { BYTES("\x13\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 1, SEGMENT_NO_SHIFT, false, true },
    { BYTES("\x1d\4\0\0"), 1, SEGMENT_NO_SHIFT, false, true },
    { BYTES("\0\3\3\7"), 0, SEGMENT_NO_SHIFT, false, false }, /* behind the end of the list */
    { BYTES("\4\2\3\0\7"), 1, SEGMENT_NO_SHIFT, false, false },
    { BYTES("\4\2\3\1\7"), 1, SEGMENT_NO_SHIFT, false, false },
    { BYTES("\4\2\3\4\7"), 1, SEGMENT_NO_SHIFT, false, false }, /* it ends too early */
    { BYTES("\4\2\3"), 1, SEGMENT_NO_SHIFT, false, false },
};

START_TEST(options_say)
{
    const struct row *row = &rows[_i];
    uint8_t *exact = malloc(row->size + !row->size); /* a read beyond it is an error */
    struct segment segment = { .options = exact, .option_bytes = (uint8_t)row->size, .tsval = 9 };

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, row->bytes, row->size);
    options_read(&segment);
    ck_assert_uint_eq(segment.option_count, row->count);
    ck_assert_uint_eq(segment.window_shift, row->shift);
    ck_assert_int_eq(segment.has_timestamp, row->timestamp);
    ck_assert_int_eq(segment.is_signed, row->is_signed);
    ck_assert_uint_eq(segment.tsval, row->timestamp ? 0x01020304 : 0);
    ck_assert_uint_eq(segment.tsecr, row->timestamp ? 0xfffefdfc : 0);
    free(exact);
}
END_TEST

START_TEST(none_were_captured)
{
    struct segment segment = { .option_bytes = 12 };
    struct option option = { .bytes = NULL };

    ck_assert(!option_next(&segment, &option));
    options_read(&segment);
    ck_assert_uint_eq(segment.option_count, 0);
}
END_TEST

START_TEST(each_is_met_once)
{
    const uint8_t bytes[] = { 1, 2, 4, 5, 180, 1, 1, 4, 2, 0, 0 };
    const struct segment segment = { .options = bytes, .option_bytes = sizeof bytes };
    struct option option = { .bytes = NULL };

    ck_assert(option_next(&segment, &option));
    ck_assert_ptr_eq(option.bytes, bytes + 1);
    ck_assert_uint_eq(option.length, 4);
    ck_assert(option_next(&segment, &option));
    ck_assert_ptr_eq(option.bytes, bytes + 7);
    ck_assert_uint_eq(option.length, 2);
    ck_assert(!option_next(&segment, &option));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("option");

    tcase_add_loop_test(tests, options_say, 0, ROWS(rows));
    tcase_add_test(tests, none_were_captured);
    tcase_add_test(tests, each_is_met_once);
    return suite_run_tests(suite_create("option"), tests);
}

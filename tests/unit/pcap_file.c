/* Capture files in both formats and byte orders, whole and damaged.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcap_file.h"

#include "suite.h"

#include <string.h>

enum { ROOM = 1024, ETHERNET = 1, RAW = 101 };

/** A file that is being written. */
struct draft {
    uint8_t byte[ROOM];
    size_t size;
    bool little;
};

static void put(struct draft *draft, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        unsigned place = draft->little ? i : bytes - 1 - i;

        draft->byte[draft->size++] = (uint8_t)(value >> 8 * place);
    }
}

/* What each frame here holds. */
static const uint8_t content[3] = { 0xab, 0xcd, 0xef };

static void put_content(struct draft *draft)
{
    memcpy(draft->byte + draft->size, content, sizeof content);
    draft->size += sizeof content;
}

static void put_pcap(struct draft *draft, uint32_t magic)
{
    put(draft, magic, 4);
    put(draft, 2, 2);
    put(draft, 4, 2);
    put(draft, 0, 8);
    put(draft, 65535, 4);
    put(draft, ETHERNET, 4);
}

static void put_frame(struct draft *draft, uint32_t seconds, uint32_t parts, uint32_t sent)
{
    put(draft, seconds, 4);
    put(draft, parts, 4);
    put(draft, 3, 4);
    put(draft, sent, 4);
    put_content(draft);
}

/* Of a block: where it begins, for end_block(). */
static size_t begin_block(struct draft *draft, uint32_t type)
{
    put(draft, type, 4);
    put(draft, 0, 4);
    return draft->size - 8;
}

static void end_block(struct draft *draft, size_t start)
{
    size_t end;

    while (draft->size % 4)
        put(draft, 0, 1);
    put(draft, draft->size + 4 - start, 4);
    end = draft->size;
    draft->size = start + 4;
    put(draft, end - start, 4);
    draft->size = end;
}

static void put_section(struct draft *draft)
{
    size_t block = begin_block(draft, 0x0a0d0d0a);

    put(draft, 0x1a2b3c4d, 4);
    put(draft, 1, 2);
    put(draft, 0, 2);
    put(draft, UINT64_MAX, 8);
    end_block(draft, block);
}

static void put_interface(struct draft *draft, uint16_t link, uint32_t snap, uint8_t resolution,
                          int64_t offset)
{
    size_t block = begin_block(draft, 1);

    put(draft, link, 2);
    put(draft, 0, 2);
    put(draft, snap, 4);
    put(draft, 2, 2); /* a name */
    put(draft, 3, 2);
    put(draft, 0x65746800, 4);
    put(draft, 9, 2);
    put(draft, 1, 2);
    put(draft, resolution, 1);
    put(draft, 0, 3);
    put(draft, 14, 2);
    put(draft, 8, 2);
    put(draft, (uint64_t)offset, 8);
    put(draft, 0, 4);
    end_block(draft, block);
}

static void put_enhanced(struct draft *draft, uint32_t interface, uint64_t time)
{
    size_t block = begin_block(draft, 6);

    put(draft, interface, 4);
    put(draft, time >> 32, 4);
    put(draft, time & UINT32_MAX, 4);
    put(draft, 3, 4);
    put(draft, 60, 4);
    put_content(draft);
    end_block(draft, block);
}

static void expect(struct pcap_file *file, uint32_t number, uint16_t link, int64_t time_ns,
                   uint32_t sent)
{
    struct pcap_frame frame;

    ck_assert(pcap_file_next(file, &frame));
    ck_assert_uint_eq(frame.number, number);
    ck_assert_uint_eq(frame.link, link);
    ck_assert_int_eq(frame.time_ns, time_ns);
    ck_assert_uint_eq(frame.sent, sent);
    ck_assert_uint_eq(frame.captured, sizeof content);
    ck_assert_mem_eq(frame.bytes, content, sizeof content);
}

static void expect_end(struct pcap_file *file)
{
    struct pcap_frame frame;

    ck_assert(!pcap_file_next(file, &frame));
}

START_TEST(pcap_in_microseconds)
{
    struct draft draft = { .little = _i };
    struct pcap_file file;

    put_pcap(&draft, 0xa1b2c3d4);
    put_frame(&draft, 1000, 999999, 60);
    put_frame(&draft, 1001, 1, 2);
    ck_assert(pcap_file_open(&file, draft.byte, draft.size));
    expect(&file, 1, ETHERNET, 0, 60);
    expect(&file, 2, ETHERNET, 2000, 3); /* nothing is longer than it was */
    expect_end(&file);
}
END_TEST

START_TEST(pcap_in_nanoseconds_and_backwards)
{
    struct draft draft = { .little = _i };
    struct pcap_file file;

    put_pcap(&draft, 0xa1b23c4d);
    put_frame(&draft, 1000, 5, 60);
    put_frame(&draft, 999, 999999999, 60);
    ck_assert(pcap_file_open(&file, draft.byte, draft.size));
    expect(&file, 1, ETHERNET, 0, 60);
    expect(&file, 2, ETHERNET, -6, 60);
    expect_end(&file);
}
END_TEST

START_TEST(pcapng_of_interfaces_with_clocks_of_their_own)
{
    struct draft draft = { .little = _i };
    struct pcap_file file;
    size_t block;

    put_section(&draft);
    put_interface(&draft, ETHERNET, 0, 6, 0);
    put_interface(&draft, RAW, 0, 9, -1);
    put_interface(&draft, RAW, 0, 0x8a, 0);
    put_interface(&draft, RAW, 0, 12, 0);
    put_interface(&draft, RAW, 0, 0xa4, 0);
    put_enhanced(&draft, 0, UINT64_C(5000000000));
    put_enhanced(&draft, 1, UINT64_C(5001000000007));
    block = begin_block(&draft, 0xbad); /* of a kind nobody knows */
    put(&draft, 0, 4);
    end_block(&draft, block);
    put_enhanced(&draft, 2, 5000 * 1024 + 512);
    put_enhanced(&draft, 3, UINT64_C(5000000000003000));
    put_enhanced(&draft, 4, (UINT64_C(5000) << 36) + (UINT64_C(1) << 35));
    ck_assert(pcap_file_open(&file, draft.byte, draft.size));
    expect(&file, 1, ETHERNET, 0, 60);
    expect(&file, 2, RAW, 7, 60);
    expect(&file, 3, RAW, 500000000, 60);
    expect(&file, 4, RAW, 3, 60);
    expect(&file, 5, RAW, 500000000, 60);
    expect_end(&file);
}
END_TEST

START_TEST(pcapng_of_other_blocks_and_sections)
{
    struct draft draft = { .little = _i };
    struct pcap_file file;
    size_t block;

    put_section(&draft);
    put_interface(&draft, ETHERNET, 3, 6, 0);
    block = begin_block(&draft, 2); /* an old packet block */
    put(&draft, 0, 2);
    put(&draft, 9, 2);
    put(&draft, 0, 4);
    put(&draft, 7, 4);
    put(&draft, 3, 4);
    put(&draft, 60, 4);
    put_content(&draft);
    end_block(&draft, block);
    block = begin_block(&draft, 3); /* a simple one: no time */
    put(&draft, 60, 4);
    put_content(&draft);
    end_block(&draft, block);
    draft.little = !draft.little;
    put_section(&draft);
    put_interface(&draft, RAW, 0, 6, 0);
    put_enhanced(&draft, 0, 9);
    put_enhanced(&draft, 1, 9); /* of an interface that is not there */
    ck_assert(pcap_file_open(&file, draft.byte, draft.size));
    expect(&file, 1, ETHERNET, 0, 60);
    expect(&file, 2, ETHERNET, -7000, 60);
    expect(&file, 3, RAW, 2000, 60);
    expect_end(&file);
}
END_TEST

START_TEST(cut_anywhere)
{
    struct draft draft = { .little = _i };
    unsigned most = 0;

    put_section(&draft);
    put_interface(&draft, ETHERNET, 0, 6, 0);
    put_enhanced(&draft, 0, 1);
    put_enhanced(&draft, 0, 2);
    for (size_t size = 0; size <= draft.size; size++) {
        uint8_t *exact = malloc(size + !size); /* a read beyond it is an error */
        struct pcap_file file;
        struct pcap_frame frame;
        unsigned count = 0;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, draft.byte, size);
        if (pcap_file_open(&file, exact, size))
            while (pcap_file_next(&file, &frame))
                count++;
        ck_assert_uint_ge(count, most);
        most = count;
        free(exact);
    }
    ck_assert_uint_eq(most, 2);
}
END_TEST

START_TEST(no_capture)
{
    static const uint8_t text[32] = "no capture, but long enough";
    struct pcap_file file;

    ck_assert(!pcap_file_open(&file, text, sizeof text));
    ck_assert(!pcap_file_open(&file, text, 0));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("pcap_file");

    tcase_add_loop_test(tests, pcap_in_microseconds, 0, 2);
    tcase_add_loop_test(tests, pcap_in_nanoseconds_and_backwards, 0, 2);
    tcase_add_loop_test(tests, pcapng_of_interfaces_with_clocks_of_their_own, 0, 2);
    tcase_add_loop_test(tests, pcapng_of_other_blocks_and_sections, 0, 2);
    tcase_add_loop_test(tests, cut_anywhere, 0, 2);
    tcase_add_test(tests, no_capture);
    return suite_run_tests(suite_create("pcap_file"), tests);
}

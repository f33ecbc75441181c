/* The TCP header in a frame: through what carries it, and how much of it there is.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

#include "path.h"
#include "suite.h"

#include <string.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

/* 10.0.0.1 to 10.0.0.2, ID 7, TTL 64: total length, fragment and protocol are left to say. */
#define IPV4(length, fragment, protocol)                                                           \
    "\x45\0" length "\0\x07" fragment "\x40" protocol "\0\0\x0a\0\0\1\x0a\0\0\2"
#define IPV6(length, next)                                                                         \
    "\x60\0\0\0" length next "\x3f"                                                                \
    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"                                                       \
    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
#define TCP      "\xc0\0\0\x50\0\0\0\x64\0\0\0\xc8\x50\x1c\2\0\0\0\0\0"
#define WHOLE_V4 IPV4("\0\x2b", "\0\0", "\6") TCP "abc"
#define WHOLE_V6 IPV6("\0\x17", "\6") TCP "abc"
#define MACS     "\2\0\0\0\0\1\2\0\0\0\0\2"
#define VXLAN    "\x30\0\x12\xb5\0\x49\0\0\x08\0\0\0\0\0\x2a\0"
#define GENEVE(options)                                                                            \
    IPV4("\0\x61", "\0\0", "\x11") "\x30\0\x17\xc1\0\x4d\0\0" options "\0\x65\x58\0\0\x2a\0"
#define SNAP "\xaa\xaa\3\0\0\0"

enum { LOOPBACK = 0, ETHERNET = 1, FDDI = 10, RAW = 101, WLAN = 105, COOKED = 113, COOKED_2 = 276 };

/** A frame with the TCP header above in it. */
struct carrier {
    unsigned link;
    const uint8_t *bytes;
    size_t size;
    unsigned ttl;
    bool travelled; /* through a virtual network */
    bool quoted;
};

static const struct carrier carriers[] = {
    { RAW, BYTES(WHOLE_V4), 64, false, false },
    { RAW, BYTES(WHOLE_V6), 63, false, false },
    { LOOPBACK, BYTES("\2\0\0\0" WHOLE_V4), 64, false, false },
    { LOOPBACK, BYTES("\0\0\0\x1e" WHOLE_V6), 63, false, false },
    { ETHERNET, BYTES(MACS "\x08\0" WHOLE_V4), 64, false, false },
    { ETHERNET, BYTES(MACS "\x08\0" WHOLE_V4 "padding"), 64, false, false },
    { ETHERNET, BYTES(MACS "\x86\xdd" WHOLE_V6 "padding"), 63, false, false },
    { ETHERNET, BYTES(MACS "\0\x33" SNAP "\x08\0" WHOLE_V4), 64, false, false },
    { ETHERNET, BYTES(MACS "\x81\0\0\7\x08\0" WHOLE_V4), 64, true, false },
    { ETHERNET, BYTES(MACS "\x81\0\xe0\0\x08\0" WHOLE_V4), 64, false, false }, /* a priority */
    { ETHERNET, BYTES(MACS "\x88\xa8\0\1\x81\0\0\2\x86\xdd" WHOLE_V6), 63, true, false },
    { ETHERNET, BYTES(MACS "\x88\x47\0\1\0\x40\0\2\1\x40" WHOLE_V4), 64, false, false },
    { ETHERNET, BYTES(MACS "\x88\x64\x11\0\0\1\0\x2d\0\x21" WHOLE_V4), 64, false, false },
    { FDDI, BYTES("\x50" MACS SNAP "\x08\0" WHOLE_V4), 64, false, false },
    { WLAN, BYTES("\x08\1\0\0" MACS "\2\0\0\0\0\3\0\0" SNAP "\x08\0" WHOLE_V4), 64, false, false },
    { WLAN, BYTES("\x88\1\0\0" MACS "\2\0\0\0\0\3\0\0\0\0" SNAP "\x08\0" WHOLE_V4), 64, false,
      false },
    { COOKED, BYTES("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0" WHOLE_V4), 64, false, false },
    { COOKED_2, BYTES("\x08\0\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0" WHOLE_V4), 64, false, false },
    { RAW, BYTES(IPV4("\0\x3f", "\0\0", "\4") WHOLE_V4), 64, false, false },
    { RAW, BYTES(IPV4("\0\x53", "\0\0", "\x29") WHOLE_V6), 63, false, false },
    { RAW, BYTES(IPV6("\0\x2b", "\4") WHOLE_V4), 64, false, false },
    { RAW, BYTES(IPV6("\0\x1f", "\0") "\6\0\1\4\0\0\0\0" TCP "abc"), 63, false, false },
    { RAW, BYTES(IPV6("\0\x1f", "\x2c") "\6\0\0\0\0\0\0\1" TCP "abc"), 63, false, false },
    { RAW, BYTES(IPV4("\0\x43", "\0\0", "\x2f") "\0\0\x08\0" WHOLE_V4), 64, false, false },
    { RAW, BYTES(IPV4("\0\x55", "\0\0", "\x2f") "\x20\0\x65\x58\0\0\0\1" MACS "\x08\0" WHOLE_V4),
      64, false, false },
    { ETHERNET, BYTES(MACS "\x08\0" IPV4("\0\x5d", "\0\0", "\x11") VXLAN MACS "\x08\0" WHOLE_V4),
      64, true, false },
    { RAW, BYTES(IPV4("\0\x47", "\0\0", "\1") "\3\3\0\0\0\0\0\0" WHOLE_V4), 64, false, true },
    { RAW, BYTES(IPV6("\0\x47", "\x3a") "\1\4\0\0\0\0\0\0" WHOLE_V6), 63, false, true },
};

static bool read(unsigned link, const uint8_t *bytes, size_t captured, size_t sent,
                 struct sighting *sighting)
{
    const struct pcap_frame frame = { .bytes = bytes,
                                      .captured = (uint32_t)captured,
                                      .sent = (uint32_t)sent,
                                      .number = 9,
                                      .time_ns = 77,
                                      .link = (uint16_t)link };

    return packet_read(&frame, sighting);
}

START_TEST(tcp_is_found)
{
    const struct carrier *carrier = &carriers[_i];
    struct sighting sighting;
    const struct segment *seg = &sighting.segment;
    unsigned last = carrier->ttl == 64 ? 3 : 15;

    ck_assert(read(carrier->link, carrier->bytes, carrier->size, carrier->size, &sighting));
    ck_assert_uint_eq(seg->frame, 9);
    ck_assert_int_eq(seg->time_ns, 77);
    ck_assert_uint_eq(seg->port[0], 49152);
    ck_assert_uint_eq(seg->port[1], 80);
    ck_assert_uint_eq(seg->seq, 100);
    ck_assert_uint_eq(seg->ack, 200);
    ck_assert_uint_eq(seg->flags, SEGMENT_ACK | SEGMENT_PSH | SEGMENT_RST);
    ck_assert_uint_eq(seg->window, 512);
    ck_assert_uint_eq(seg->window_shift, SEGMENT_NO_SHIFT);
    ck_assert_uint_eq(seg->len, 3);
    ck_assert_uint_eq(seg->captured, 3);
    ck_assert_mem_eq(seg->payload, "abc", 3);
    ck_assert_uint_eq(seg->ttl, carrier->ttl);
    ck_assert_int_eq(seg->has_ip_id, carrier->ttl == 64);
    ck_assert_uint_eq(seg->ip_id, seg->has_ip_id ? 7 : seg->ip_id);
    ck_assert_int_eq(sighting.quoted, carrier->quoted);
    ck_assert_int_eq(sighting.error.type != 0, carrier->quoted);
    ck_assert_int_eq(sighting.path != 0, carrier->travelled);
    ck_assert_uint_eq(sighting.address_bytes, last + 1);
    ck_assert_uint_eq(sighting.address[0][last], 1);
    ck_assert_uint_eq(sighting.address[1][last], 2);
}
END_TEST

/* The options of the overlay's header do not hide the VLAN within. */
START_TEST(a_path_goes_on_behind_options)
{
    static const char plain[] = MACS "\x08\0" GENEVE("\0") MACS "\x81\0\0\7\x08\0" WHOLE_V4;
    static const char more[] =
        MACS "\x08\0" GENEVE("\1") "\1\2\3\0" MACS "\x81\0\0\7\x08\0" WHOLE_V4;

    ck_assert_uint_ne(path_of_ethernet((const uint8_t *)plain, sizeof plain - 1), 0);
    ck_assert_uint_eq(path_of_ethernet((const uint8_t *)plain, sizeof plain - 1),
                      path_of_ethernet((const uint8_t *)more, sizeof more - 1));
}
END_TEST

/* Cut anywhere there is a header, or none; never more of it than was captured. */
START_TEST(cut_anywhere)
{
    const struct carrier *carrier = &carriers[_i];
    bool found = false;

    for (size_t size = 0; size <= carrier->size; size++) {
        uint8_t *exact = malloc(size + !size); /* a read beyond it is an error */
        struct sighting sighting;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, carrier->bytes, size);
        if (read(carrier->link, exact, size, carrier->size, &sighting)) {
            found = true;
            ck_assert_uint_eq(sighting.segment.len, 3);
            ck_assert_uint_le(sighting.segment.captured, 3);
        } else {
            ck_assert(!found);
        }
        free(exact);
    }
    ck_assert(found);
}
END_TEST

/** No header of TCP. */
static const struct {
    unsigned link;
    const uint8_t *bytes;
    size_t size;
} strangers[] = {
    { 999, BYTES(WHOLE_V4) },
    { RAW, BYTES("\x35" WHOLE_V4) },
    { RAW, BYTES(IPV4("\0\x2b", "\0\0", "\x06") "\xc0\0\0\x50\0\0\0\x64\0\0\0\xc8\x40\x1c\2\0") },
    { RAW, BYTES(IPV4("\0\x13", "\0\0", "\6") TCP) }, /* shorter than its header */
    { RAW, BYTES(IPV4("\0\x2b", "\x20\0", "\6") TCP "abc") },
    { RAW, BYTES(IPV4("\0\x2b", "\0\1", "\6") TCP "abc") },
    { RAW, BYTES(IPV6("\0\x1f", "\x2c") "\6\0\0\1\0\0\0\1" TCP "abc") },
    { RAW, BYTES(IPV4("\0\x43", "\0\0", "\x2f") "\0\1\x08\0" WHOLE_V4) },       /* PPTP's GRE */
    { RAW, BYTES(IPV4("\0\x47", "\0\0", "\1") "\x08\0\0\0\0\0\0\0" WHOLE_V4) }, /* an echo */
    { RAW, BYTES(IPV4("\0\x5d", "\0\0", "\x11") "\x30\0\0\x35\0\x49\0\0\x08\0\0\0\0\0\x2a\0" MACS
                                                "\x08\0" WHOLE_V4) },               /* no VXLAN */
    { WLAN, BYTES("\x08\x41\0\0" MACS "\2\0\0\0\0\3\0\0" SNAP "\x08\0" WHOLE_V4) }, /* encrypted */
    { ETHERNET, BYTES(MACS "\x08\6" WHOLE_V4) },
};

START_TEST(there_is_none)
{
    struct sighting sighting;

    ck_assert(!read(strangers[_i].link, strangers[_i].bytes, strangers[_i].size, strangers[_i].size,
                    &sighting));
}
END_TEST

START_TEST(segmentation_offload_leaves_the_length_to_the_frame)
{
    static const uint8_t v4[] = IPV4("\0\0", "\0\0", "\6") TCP "abcdef";
    static const uint8_t v6[] = IPV6("\0\0", "\6") TCP "abcdef";
    struct sighting sighting;

    ck_assert(read(RAW, v4, sizeof v4 - 1, 3000, &sighting));
    ck_assert_uint_eq(sighting.segment.len, 3000 - 40);
    ck_assert_uint_eq(sighting.segment.captured, 6);
    ck_assert(read(RAW, v6, sizeof v6 - 1, 3000, &sighting));
    ck_assert_uint_eq(sighting.segment.len, 3000 - 60);
}
END_TEST

START_TEST(options_as_far_as_captured)
{
    static const uint8_t syn[] = IPV4("\0\x34", "\0\0", "\6") "\xc0\0\0\x50\0\0\0\x64\0\0\0\0\x80\2"
                                                              "\2\0\0\0\0\0"
                                                              "\2\4\5\xb4\1\3\3\7\1\1\4\2";
    struct sighting sighting;

    ck_assert(read(RAW, syn, sizeof syn - 1, sizeof syn - 1, &sighting));
    ck_assert_uint_eq(sighting.segment.option_count, 3);
    ck_assert_uint_eq(sighting.segment.window_shift, 7);
    ck_assert_uint_eq(sighting.segment.len, 0);
    ck_assert(read(RAW, syn, 44, sizeof syn - 1, &sighting));
    ck_assert_uint_eq(sighting.segment.option_bytes, 4);
    ck_assert_uint_eq(sighting.segment.option_count, 1);
    ck_assert(read(RAW, syn, 36, sizeof syn - 1, &sighting));
    ck_assert_ptr_null(sighting.segment.options);
}
END_TEST

START_TEST(tunnels_without_an_end)
{
    enum { SIZE = 20 };
    static const uint8_t header[] = IPV4("\0\0", "\0\0", "\4"); /* and a 0 behind it */
    uint8_t bytes[200 * SIZE];
    struct sighting sighting;

    for (size_t i = 0; i < sizeof bytes; i += SIZE)
        memcpy(bytes + i, header, SIZE);
    ck_assert(!read(RAW, bytes, sizeof bytes, sizeof bytes, &sighting));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("packet");

    tcase_add_loop_test(tests, tcp_is_found, 0, ROWS(carriers));
    tcase_add_loop_test(tests, cut_anywhere, 0, ROWS(carriers));
    tcase_add_test(tests, a_path_goes_on_behind_options);
    tcase_add_loop_test(tests, there_is_none, 0, ROWS(strangers));
    tcase_add_test(tests, segmentation_offload_leaves_the_length_to_the_frame);
    tcase_add_test(tests, options_as_far_as_captured);
    tcase_add_test(tests, tunnels_without_an_end);
    return suite_run_tests(suite_create("packet"), tests);
}

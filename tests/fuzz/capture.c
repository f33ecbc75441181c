/* Fuzzes the reader of captures and the conductor: a file in, nothing read that is not there.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "conduct.h"
#include "fuzz.h"
#include "loans.h"
#include "packet.h"

enum { BYTES_MAX = 1 << 22, STEPS = 64, ENDPOINTS = 8 };

static void touch(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; bytes && i < size; i++)
        (void)((const volatile uint8_t *)bytes)[i];
}

/* Every byte of it that is said to be readable. */
static void touch_all(const struct sighting *sighting)
{
    touch(sighting->address[0], sighting->address_bytes);
    touch(sighting->address[1], sighting->address_bytes);
    touch(sighting->segment.options, sighting->segment.option_bytes);
    touch(sighting->segment.payload, sighting->segment.captured);
}

static void hear(struct conductor *conductor, struct sighting *sighting)
{
    const struct segment *seg = &sighting->segment;
    struct outcome outcome;

    touch_all(sighting);
    require(seg->header_bytes >= 20 && seg->header_bytes <= 60, "no header of TCP");
    require(seg->captured <= seg->len, "more captured than sent");
    require(sighting->address_bytes == 4 || sighting->address_bytes == 16, "no address of IP");
    outcome = conductor_hear(conductor, sighting, &tuning_default);
    if (outcome.ruled && segment_has(seg, SEGMENT_RST))
        require(cause_info(conductor_verdict(conductor, outcome.ruled, true).cause) != NULL,
                "no such cause");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct conductor conductor;
    static struct loans loans;
    const struct memory memory = { .steps = STEPS, .endpoints = ENDPOINTS, .callers = ENDPOINTS };
    const struct lender lender = loans_begin(&loans, BYTES_MAX);
    struct input input = { data, size };
    struct pcap_file file;
    struct pcap_frame frame;
    struct sighting sighting;
    uint8_t *bytes = take_bytes(&input, size, &size);

    require(conductor_start(&conductor, &lender, &memory), "no memory to begin with");
    if (pcap_file_open(&file, bytes, size)) {
        while (pcap_file_next(&file, &frame)) {
            require(frame.captured <= frame.sent, "a frame longer than it was");
            if (packet_read(&frame, &sighting))
                hear(&conductor, &sighting);
        }
    }
    loans_end(&loans);
    free(bytes);
    return 0;
}

/* Loads the plugin as Wireshark does, among stand-ins for its libraries.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: load PLUGIN.dll SERIES
 *
 * Every name that it imports is there; it is for that series; it registers; and an exception of
 * Wireshark's can pass its frames.
 */
#include "stand_in.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { ENOUGH = 1 << 16 }; /* bytes, for whatever is allocated */

/* As in epan/proto.h: the headers of no series are at hand. */
struct plugin {
    void (*register_protoinfo)(void);
    void (*register_handoff)(void);
};
typedef int dissector(void *tvb, void *pinfo, void *tree, void *data);

static const struct plugin *plugin;
static dissector *seat; /* in front of TCP */
static jmp_buf caught;
static DWORD64 catching; /* the stack pointer of who catches */
static unsigned calls;

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    printf("load: %s\n", what);
    exit(EXIT_FAILURE);
}

/*
 * Whether the way from here to the catching frame is told to the system.  The longjmp of
 * Microsoft's runtime goes it step by step, where Wine's may jump at once.
 */
static bool can_be_unwound(void)
{
    CONTEXT at;

    RtlCaptureContext(&at);
    while (at.Rsp < catching) {
        DWORD64 module, frame;
        PRUNTIME_FUNCTION function = RtlLookupFunctionEntry(at.Rip, &module, NULL);
        void *data;

        if (!function)
            return false; /* one that calls has to have it */
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, module, at.Rip, function, &at, &data, &frame, NULL);
    }
    return at.Rsp == catching;
}

static _Noreturn void break_off(void)
{
    require(can_be_unwound(), "an exception cannot pass");
    longjmp(caught, 1);
}

static void *answer(const char *name, void *first, void *second, void *third)
{
    static const char *const languages[] = { "C", NULL };
    static char handle[1];

    (void)second;
    calls++;
    if (strstr(name, "alloc"))
        return calloc(1, ENOUGH);
    if (strcmp(name, "proto_register_plugin") == 0)
        plugin = first;
    if (strcmp(name, "proto_get_id_by_filter_name") == 0)
        return (void *)(intptr_t)-1;
    if (strcmp(name, "call_dissector_only") == 0)
        break_off();
    if (strcmp(name, "create_dissector_handle_with_name_and_description") == 0 &&
        strcmp(third, "tcp_abort.tcp") == 0)
        seat = (dissector *)(uintptr_t)first;
    if (strcmp(name, "g_get_language_names") == 0)
        return (void *)(uintptr_t)languages;
    if (strstr(name, "_handle"))
        return handle;
    return NULL;
}

/* The loader of Windows would have refused it; that of Wine only warns. */
static unsigned check_library(const char *base, const IMAGE_IMPORT_DESCRIPTOR *library)
{
    const IMAGE_THUNK_DATA *thunk = (const void *)(base + library->OriginalFirstThunk);
    HMODULE module = GetModuleHandleA(base + library->Name);
    stand_in_answer **answers;
    unsigned names = 0;

    require(module != NULL, base + library->Name);
    answers = (stand_in_answer **)(uintptr_t)GetProcAddress(module, STAND_IN_ANSWERS);
    if (answers)
        *answers = answer;
    for (; thunk->u1.AddressOfData; thunk++, names++) {
        const IMAGE_IMPORT_BY_NAME *import = (const void *)(base + thunk->u1.AddressOfData);

        require(!IMAGE_SNAP_BY_ORDINAL(thunk->u1.Ordinal), "an import without a name");
        require(GetProcAddress(module, (const char *)import->Name) != NULL,
                (const char *)import->Name);
    }
    printf("%s: %u names\n", base + library->Name, names);
    return names;
}

static void check_imports(HMODULE module)
{
    const char *base = (const char *)module;
    const IMAGE_DOS_HEADER *start = (const void *)base;
    const IMAGE_NT_HEADERS *headers = (const void *)(base + start->e_lfanew);
    const IMAGE_DATA_DIRECTORY *directory =
        &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    const IMAGE_IMPORT_DESCRIPTOR *library = (const void *)(base + directory->VirtualAddress);
    unsigned names = 0;

    for (; library->Name; library++)
        names += check_library(base, library);
    require(names != 0, "it imports nothing");
}

static uintptr_t exported(HMODULE module, const char *name)
{
    uintptr_t found = (uintptr_t)GetProcAddress(module, name);

    require(found != 0, name);
    return found;
}

static void check_series(HMODULE module, const char *series)
{
    char wanted[24];

    snprintf(wanted, sizeof wanted, "%d.%d", *(const int *)exported(module, "plugin_want_major"),
             *(const int *)exported(module, "plugin_want_minor"));
    require(strcmp(wanted, series) == 0, wanted);
    printf("plugin %s for Wireshark %s, of kind %u\n",
           (const char *)exported(module, "plugin_version"), wanted,
           ((uint32_t(*)(void))exported(module, "plugin_describe"))());
}

static void check_registration(HMODULE module)
{
    ((void (*)(void))exported(module, "plugin_register"))();
    require(plugin != NULL, "it registers nothing");
    plugin->register_protoinfo();
    plugin->register_handoff();
    require(seat != NULL, "it takes no seat in front of TCP");
    printf("it registers: %u calls\n", calls);
}

static void check_exception(void)
{
    CONTEXT here;

    RtlCaptureContext(&here);
    catching = here.Rsp;
    if (setjmp(caught) == 0) {
        seat(NULL, NULL, NULL, NULL);
        require(false, "what was thrown did not pass");
    }
    puts("an exception passes");
}

int main(int argc, char **argv)
{
    HMODULE module;

    require(argc == 3, "usage: load PLUGIN.dll SERIES");
    module = LoadLibraryA(argv[1]);
    require(module != NULL, "it does not load");
    check_imports(module);
    check_series(module, argv[2]);
    check_registration(module);
    check_exception();
    return EXIT_SUCCESS;
}

/* What the user may set: Edit > Preferences > Protocols > TCP Abort.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "settings.h"

#include "compat.h"

#include <epan/prefs.h>
#include <wsutil/report_message.h>

enum { LANGUAGE_OF_LOCALE = -1 }; /* beside those of enum language */
enum { IDLE_MIN_S = 1, IDLE_MAX_S = 7 * 24 * 3600, NS_PER_S = 1000000000 };

static struct settings current;
const struct settings *const settings = &current;

/* As Wireshark writes them; `current` takes over what passes. */
static unsigned idle_threshold;
static int harmless_severity = SEVERITY_CHAT;
static compat_bool harmless_in_info = true;
static compat_bool judge_silence = true;
static int language = LANGUAGE_OF_LOCALE;

/* The first variable that is set decides, as POSIX has it (Base Definitions, 8.2). */
static enum language language_of_locale(void)
{
#ifdef _WIN32
    /* these variables, or else what the system is set to */
    char *locale = g_strdup(g_get_language_names()[0]);
#else
    static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    char *locale = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(variables) && !(locale && *locale); i++) {
        g_free(locale);
        locale = g_strdup(g_getenv(variables[i]));
    }
#endif
    bool is_chinese = locale && g_str_has_prefix(locale, "zh");

    g_free(locale);
    return is_chinese ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH;
}

static void apply(void)
{
    unsigned accepted = (unsigned)(current.tuning.idle_ns / NS_PER_S);

    if (idle_threshold < IDLE_MIN_S || idle_threshold > IDLE_MAX_S) {
        report_failure("TCP Abort: an idle threshold of %u s is refused; it may be %d to %d s. "
                       "It stays at %u s.",
                       idle_threshold, IDLE_MIN_S, IDLE_MAX_S, accepted);
        idle_threshold = accepted;
    }
    current.tuning.idle_ns = (int64_t)idle_threshold * NS_PER_S;
    current.harmless = (enum severity)harmless_severity;
    current.harmless_in_info = harmless_in_info;
    current.judge_silence = judge_silence;
    current.language =
        language == LANGUAGE_OF_LOCALE ? language_of_locale() : (enum language)language;
}

static void register_language(module_t *module)
{
    static const enum_val_t languages[] = {
        { "automatic", "As the locale", LANGUAGE_OF_LOCALE },
        { "english", "English", LANGUAGE_ENGLISH },
        { "chinese", "中文", LANGUAGE_CHINESE },
        { NULL, NULL, 0 },
    };

    prefs_register_enum_preference(
        module, "language", "Language",
        "What the sentences and the names of the fields are written in. The words of filters do "
        "not change. By default Chinese in a Chinese locale, else English.",
        &language, languages, FALSE);
}

void settings_register(int proto)
{
    static const enum_val_t severities[] = {
        { "chat", "Chat", SEVERITY_CHAT },
        { "note", "Note", SEVERITY_NOTE },
        { "warn", "Warning", SEVERITY_WARN },
        { NULL, NULL, 0 },
    };
    module_t *module = prefs_register_protocol(proto, apply);

    current.tuning = tuning_default;
    idle_threshold = (unsigned)(tuning_default.idle_ns / NS_PER_S);
    prefs_register_uint_preference(
        module, "idle_threshold", "Idle threshold (seconds)",
        "A pause of at least this long before a reset makes an expired idle timer a candidate "
        "for its cause. 1 to 604800 seconds.",
        10, &idle_threshold);
    prefs_register_bool_preference(
        module, "harmless_in_info", "Show harmless verdicts in the Info column",
        "Begin the Info column with \"[abort: ...]\" for resets that broke nothing, too.",
        &harmless_in_info);
    prefs_register_bool_preference(
        module, "judge_silence", "Judge connections that died without a reset",
        "Look for a side that retransmitted or probed until it gave up in silence. The verdict "
        "stands on its last packet, once the whole capture has been read.",
        &judge_silence);
    prefs_register_enum_preference(
        module, "harmless_severity", "Severity of harmless verdicts",
        "The severity of the expert information of a reset that broke nothing. Which resets are "
        "harmless does not change.",
        &harmless_severity, severities, FALSE);
    register_language(module);
    apply();
}

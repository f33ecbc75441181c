@rem SPDX-License-Identifier: GPL-2.0-or-later
@rem Install the plugin for you alone.
@xcopy /e /i /y "%~dp0plugins" "%APPDATA%\Wireshark\plugins"

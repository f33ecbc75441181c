-- SPDX-License-Identifier: GPL-2.0-or-later
-- aborts.ndjson in SQLite: sqlite3 aborts.db <bulk.sql, in the folder of aborts.ndjson.
drop table if exists document;
create table document(line text not null);
.mode ascii
.separator "\037" "\n"
.import aborts.ndjson document

-- A plain table of what is asked for most; the rest stays in document.
drop table if exists abort;
create table abort as select
    line ->> '$.file' as file,
    line ->> '$.layers.frame.frame_frame_number' as frame,
    line ->> '$.layers.frame.frame_frame_time' as time,
    line ->> '$.client' as client,
    line ->> '$.server' as server,
    line ->> '$.layers.tcp_abort_tcp_abort_cause_name' as cause,
    line ->> '$.layers.tcp_abort_tcp_abort_confidence_name' as confidence,
    line ->> '$.layers.tcp_abort_tcp_abort_by_name' as ended_by,
    line ->> '$.layers.tcp_abort_tcp_abort_harmless' as harmless,
    line ->> '$.layers.tcp_abort_tcp_abort_idle' as idle,
    line ->> '$.layers.tcp_abort_tcp_abort_summary' as summary,
    line ->> '$.repeats' as repeats
from document;

.mode table
.print Which server breaks most, and why?
select server, cause, count(*) as aborts, count(distinct client) as clients,
       min(time) as first, max(time) as last
from abort where not harmless
group by server, cause order by aborts desc, server, cause limit 20;

.print Is there a minute in which more than one connection to a server broke?
select substr(time, 1, 16) as minute, server, count(*) as aborts, group_concat(distinct cause) as causes
from abort where not harmless
group by minute, server having aborts > 1 order by aborts desc, minute, server limit 20;

.print After how many idle seconds are connections lost? Keep-alive must be shorter.
select server, count(*) as lost, round(min(idle), 3) as shortest, round(max(idle), 3) as longest
from abort where cause in ('idle_timeout', 'stale_reuse', 'no_connection') and idle > 0
group by server order by lost desc, server limit 20;

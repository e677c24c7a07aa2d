"""Acts that undo each other, and ways that exclude each other: tables for `core/opposites`.

On each line, what stands left of the bar is the opposite of all that stands right of it. No converses: who buys what
another sells, or exports what another imports, may ask one question; nor `keep` and `discard`, of which one asks how
long and the other from when on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

_ACTS = """
enable, activate, turn on, switch on | disable, deactivate, turn off, switch off
lock | unlock
block | unblock
mute | unmute
pin | unpin
archive | unarchive
mount | unmount
attach | detach
install | uninstall
encrypt | decrypt
encode | decode
compress, zip | decompress, unzip
serialize, serialise | deserialize, deserialise
subscribe | unsubscribe
follow | unfollow
link | unlink
merge, combine | split, separate
undo | redo
freeze | thaw, defrost, unfreeze
increase, raise | decrease, reduce, lower
expand | shrink, collapse
show, unhide | hide
accept | decline, reject
allow, permit | block, forbid, prohibit, ban
grant | revoke
start, begin | stop, end
join | leave, split
pause, suspend | resume, unpause
upgrade | downgrade
connect | disconnect
load | unload
pack | unpack
assemble | disassemble
tie | untie
maximize, maximise | minimize, minimise
gain | lose
create, add | delete, remove
promote | demote
include | exclude
tighten | loosen
inflate | deflate
widen | narrow
lengthen | shorten
strengthen | weaken
deposit | withdraw
append | prepend
roll out | roll back
scale up | scale down
log in, sign in | log out, sign out, sign up
opt in | opt out
zoom in | zoom out
speed up | slow down
"""

_WAYS = """
automatically | manually
locally | remotely
temporarily | permanently
horizontally | vertically
clockwise | counterclockwise, anticlockwise
synchronously | asynchronously
publicly | privately
internally | externally
inbound, incoming | outbound, outgoing
automatic | manual
local | remote
temporary | permanent
horizontal | vertical
ascending | descending
synchronous | asynchronous
mutable | immutable
public | private
internal | external
domestic | international
minimum | maximum
mandatory | optional, voluntary
paid | unpaid
gross | net
even | odd
existing | new
daily | weekly, monthly, annual, yearly
weekly | monthly, annual, yearly
monthly | annual, yearly
vegetarian | vegan
employer | employee
landlord | tenant
lender | borrower
sender | recipient, receiver
buyer | seller
plaintiff | defendant
"""

_JUDGED = """
legal, legally, lawful, lawfully, allowed, allow, allows | illegal, illegally, unlawful, forbidden, prohibited, banned
permitted, permit, permits | illegal, illegally, unlawful, forbidden, prohibited, banned
safe, safely | unsafe, dangerous, harmful, hazardous
possible | impossible
necessary | unnecessary
normal | abnormal
healthy | unhealthy
"""

DEGREES = frozenset(
    [
        *("increase", "raise", "decrease", "reduce", "lower", "maximize", "maximise", "minimize", "minimise"),
        *("strengthen", "weaken", "gain", "lose", "speed up", "slow down"),
    ]
)
"""Acts on how much there is of a thing: more battery life is less battery drain."""


def _opposites(table: str) -> Mapping[str, Set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in table.strip().splitlines():
        left, right = (side.split(", ") for side in line.split(" | "))
        for word in left:
            found[word].update(right)
        for word in right:
            found[word].update(left)
    return dict(found)


ACTS = _opposites(_ACTS)
"""What is done, as verbs stand behind `to` and `I`; to all opposites of it."""

WAYS = _opposites(_WAYS)
"""How a thing is done, of which kind or whose it is; to all opposites of it."""

JUDGED = _opposites(_JUDGED)
"""What is asked of a thing as a whole, wherever it stands; to all opposites of it."""

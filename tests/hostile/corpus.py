"""Hostile strings that a stranger may send; all of them go through every output (faults.md).

`STRINGS` maps a name for the test's id to the text. Add to it: no output may be left out.
"""

from __future__ import annotations

STRINGS: dict[str, str] = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "single quote": "' onmouseover='alert(1)",
    "end of cdata": "]]><x/>",
    "end of script": "</script><!--<script>alert(1)",
    "end of style": "</style></title></textarea><svg onload=alert(1)>",
    "template": "{{7*7}}{% include '/etc/passwd' %}{# x #}${7*7}<%= 7*7 %>#{7*7}",
    "format": "{0.__class__} {host} {} %s %(host)s",
    "javascript url": "javascript:alert(document.domain)",
    "data url": "data:text/html,<script>alert(1)</script>",
    "remote url": "https://203.0.113.9/beacon.png",
    "css": "</style><style>@import url(//203.0.113.9/x.css);",
    "entity": "&lt;script&gt;&#60;b&#62;&amp;",
    "title escape": "\x1b]0;owned\x07",
    "clear screen": "\x1b[2J\x1b[1;1H",
    "hyperlink": "\x1b]8;;http://203.0.113.9/\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "c1": '\x9b31m\x9d0;owned\x9c\x90$q"p\x9c',
    "overwrite": "all good\rFAILED   \x08\x08\x08",
    "rich markup": "[link=http://203.0.113.9/]click[/link] [bold red]x[/] [/",
    "formula": "=cmd|' /C calc'!A0",
    "formula plus": "+1+1",
    "formula minus": "-2+3",
    "formula at": "@SUM(1;1)",
    "tab and line ends": "a\tb\r\nSet-Cookie: x\u0085y\u2028z\u2029",
    "bidi": "\u202egnp.exe\u2066\u202c",
    "zero width": "pay\u200bpal\u200d\ufeff\u2060",
    "confusable": "аррӏе.example",
    "nul": "a\x00b",
    "lone surrogate": "\ud800x\udfff",
    "noncharacter": "\uffff\ufffe\U0010ffff",
    "combining": "Z" + "\u0335\u0321\u0349" * 40,
    "tag characters": "\U000e0001\U000e0041",
    "long": "A" * 1_048_576,
    "path": "../../../../etc/passwd",
    "device": "CON",
    "markdown": "[x](javascript:alert(1)) ![x](//203.0.113.9/x.png) `|` | a |",
    "xml": "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "empty": "",
    "quote": "\"'`\\",
}

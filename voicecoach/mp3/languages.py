"""Names of languages: BCP 47 as routines have them, ISO 639-2 as ID3 wants them."""

from __future__ import annotations

UNDETERMINED = "und"

_PAIRS = """
af:afr am:amh ar:ara as:asm az:aze be:bel bg:bul bn:ben bs:bos ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng eo:epo
es:spa et:est eu:eus fa:fas fi:fin fr:fra ga:gle gd:gla gl:glg gu:guj he:heb hi:hin hr:hrv hu:hun hy:hye id:ind is:isl
it:ita ja:jpn ka:kat kk:kaz kn:kan ko:kor ky:kir la:lat lb:ltz lt:lit lv:lav mi:mri mk:mkd ml:mal mr:mar ms:msa mt:mlt
my:mya nb:nob ne:nep nl:nld nn:nno no:nor or:ori pa:pan pl:pol pt:por ro:ron ru:rus si:sin sk:slk sl:slv sq:sqi sr:srp
sv:swe sw:swa ta:tam te:tel th:tha tk:tuk tr:tur tt:tat ug:uig uk:ukr ur:urd uz:uzb vi:vie yo:yor zh:zho zu:zul
"""
_ISO_CODES: dict[str, str] = dict(pair.split(":") for pair in _PAIRS.split())


def iso_639_2(tag: str | None) -> str:
    """Three letters for a BCP 47 tag: ``en-us`` gives ``eng``; what is not known gives ``und``."""
    primary = (tag or "").lower().replace("_", "-").partition("-")[0]
    if len(primary) == 3 and primary.isascii() and primary.isalpha():
        return primary
    return _ISO_CODES.get(primary, UNDETERMINED)


def bcp_47(code: str) -> str | None:
    """Give the shortest BCP 47 tag for three letters: ``eng`` gives ``en``; ``und`` gives None."""
    if code == UNDETERMINED:
        return None
    return next((short for short, long in _ISO_CODES.items() if long == code), code)

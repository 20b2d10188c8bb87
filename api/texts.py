"""Every word of the interface, in Bokmål and Nynorsk. Both have the same keys (tested)."""

from __future__ import annotations

from typing import Literal, get_args

from api import texts_browse, texts_feedback
from api.texts_document import DOCUMENT_TEXTS
from corpus.areas import AREAS

Written = Literal["nb", "nn"]
WRITTEN: tuple[Written, ...] = get_args(Written)

# Each key has a text in Bokmål and one in Nynorsk, in that order.
_TEXTS: dict[str, tuple[str, str]] = {
    # Frame
    "skip": ("Hopp til innholdet", "Hopp til innhaldet"),
    "tagline": (
        "Søk i lover, forskrifter, rundskriv og veiledere",
        "Søk i lover, forskrifter, rundskriv og rettleiarar",
    ),
    "home": ("Kjelda, til forsiden", "Kjelda, til framsida"),
    "switch": ("Nynorsk", "Bokmål"),
    "site": ("Nettstedet", "Nettstaden"),
    "footer": (
        "Kjelda finner kilden og viser hvor det står. Den gir ikke juridiske råd.",
        "Kjelda finn kjelda og viser kvar det står. Ho gjev ikkje juridiske råd.",
    ),
    "api_link": ("For utviklere: API", "For utviklarar: API"),
    "base_holds": ("{documents} dokumenter i basen", "{documents} dokument i basen"),
    # Search
    "search_title": ("Søk", "Søk"),
    "search_heading": ("Finn kilden", "Finn kjelda"),
    "search_label": ("Hva leter du etter?", "Kva leitar du etter?"),
    "search_hint": (
        "Skriv et spørsmål, noen ord, en paragraf (integreringsloven § 14) eller «en fast frase».",
        (
            "Skriv eit spørsmål, nokre ord, ein paragraf (integreringslova § 14) eller «ein fast "
            "frase»."
        ),
    ),
    "search_button": ("Søk", "Søk"),
    "filters": ("Avgrens søket", "Avgrens søket"),
    "filters_chosen": ("{n} valgt", "{n} valde"),
    "filters_apply": ("Bruk filtrene", "Bruk filtera"),
    "filters_clear": ("Fjern alle filtre", "Fjern alle filtera"),
    "facet_one": ("dokument", "dokument"),
    "facet_many": ("dokumenter", "dokument"),
    "facet_more": ("Vis {n} til", "Vis {n} til"),
    "facet_note": (
        "Tallene er dokumenter blant de tekstene som ligger nærmest søket.",
        "Tala er dokument blant dei tekstane som ligg nærmast søket.",
    ),
    "live_failed": (
        "Treffene ble ikke oppdatert. Trykk på «Bruk filtrene».",
        "Treffa vart ikkje oppdaterte. Trykk på «Bruk filtera».",
    ),
    "recent_heading": ("Nytt i basen", "Nytt i basen"),
    "recent_all": ("Se alt som er endret", "Sjå alt som er endra"),
    "filters_active": ("Valgte filtre", "Valde filter"),
    "filter_remove": ("Fjern filteret", "Fjern filteret"),
    "filter_type": ("Dokumenttype", "Dokumenttype"),
    "filter_language": ("Språk", "Språk"),
    "filter_publisher": ("Utgiver", "Utgjevar"),
    "filter_area": ("Fagområde", "Fagområde"),
    "filter_status": ("Status", "Status"),
    "filter_year": ("Utgitt", "Gjeve ut"),
    "year_from": ("Fra og med år", "Frå og med år"),
    "year_to": ("Til og med år", "Til og med år"),
    "since": ("fra {year}", "frå {year}"),
    "until": ("til {year}", "til {year}"),
    # Hits
    "hits_one": ("1 treff på «{query}»", "1 treff på «{query}»"),
    "hits_many": ("{n} treff på «{query}»", "{n} treff på «{query}»"),
    "hits_best": ("De {n} beste treffene på «{query}»", "Dei {n} beste treffa på «{query}»"),
    "more_hits": ("Vis flere treff", "Vis fleire treff"),
    "in_headings": ("Står under:", "Står under:"),
    "published": ("Utgitt", "Gjeve ut"),
    "updated": ("Oppdatert", "Oppdatert"),
    "why": ("Hvorfor dette treffet?", "Kvifor dette treffet?"),
    "why_words": ("Nr. {n} i søket på ord", "Nr. {n} i søket på ord"),
    "why_no_words": ("Ingen av ordene i søket står her", "Ingen av orda i søket står her"),
    "why_meaning": (
        "Nr. {n} i søket på mening (likhet {similarity})",
        "Nr. {n} i søket på meining (likskap {similarity})",
    ),
    "why_meaning_only": ("Likhet i mening: {similarity}", "Likskap i meining: {similarity}"),
    "reason_reference": (
        "Søket nevner denne paragrafen: den står først",
        "Søket nemner denne paragrafen: han står først",
    ),
    "reason_type": ("Løftet litt fordi det er: {what}", "Lyft litt fordi det er: {what}"),
    "reason_type_down": ("Senket litt fordi det er: {what}", "Senka litt fordi det er: {what}"),
    "reason_status": ("Senket fordi statusen er: {what}", "Senka fordi statusen er: {what}"),
    "reason_duty": (
        "Plikten som søket nevner, står i denne paragrafen: den står først",
        "Plikta som søket nemner, står i denne paragrafen: han står først",
    ),
    "reason_replaced": (
        "Senket under dokumentet som erstatter det",
        "Senka under dokumentet som erstattar det",
    ),
    "match_word": ("«{typed}» står her som «{found}»", "«{typed}» står her som «{found}»"),
    "match_part": (
        "«{typed}» er satt sammen av ord som står her: «{found}»",
        "«{typed}» er sett saman av ord som står her: «{found}»",
    ),
    "match_form": (
        "«{typed}» står her på den andre målformen: «{found}»",
        "«{typed}» står her i den andre målforma: «{found}»",
    ),
    "match_synonym": (
        "«{typed}»: her står et annet ord for det samme, «{found}»",
        "«{typed}»: her står eit anna ord for det same, «{found}»",
    ),
    "match_spelling": (
        "«{typed}» er tatt for «{found}»",
        "«{typed}» er teke for «{found}»",
    ),
    "other_form": ("Finnes også på {language}", "Finst også på {language}"),
    "reason_apparatus": (
        "Senket fordi det er en liste over kilder eller en merknad om endringer",
        "Senka fordi det er ei liste over kjelder eller ein merknad om endringar",
    ),
    "reason_crowded": (
        "Senket litt fordi flere treff fra samme dokument står over",
        "Senka litt fordi fleire treff frå same dokument står over",
    ),
    "source_open": ("Åpne originalen", "Opne originalen"),
    "source_of": ("Åpne originalen: {title}", "Opne originalen: {title}"),
    # Nothing found
    "empty_heading": ("Ingen treff på «{query}»", "Ingen treff på «{query}»"),
    "empty_text": (
        "Basen har ikke noe som svarer til søket. Det betyr ikke at svaret ikke finnes.",
        "Basen har ikkje noko som svarer til søket. Det tyder ikkje at svaret ikkje finst.",
    ),
    "nearest_heading": (
        "Dette ligger nærmest, men er ikke et svar",
        "Dette ligg nærmast, men er ikkje eit svar",
    ),
    "nearest_text": (
        "Kjelda finner ikke belegg for at disse tekstene svarer på det du spør om.",
        "Kjelda finn ikkje belegg for at desse tekstane svarer på det du spør om.",
    ),
    "empty_spelling": ("Se etter skrivefeil.", "Sjå etter skrivefeil."),
    "empty_words": (
        "Prøv andre ord, eller beskriv saken med en hel setning.",
        "Prøv andre ord, eller skildre saka med ei heil setning.",
    ),
    "empty_phrase": (
        "Ta bort hermetegnene hvis du søkte på en fast frase.",
        "Ta bort hermeteikna om du søkte på ein fast frase.",
    ),
    "empty_filters": ("Fjern filtrene og søk på nytt", "Fjern filtera og søk på nytt"),
    "start_heading": ("Slik kan du søke", "Slik kan du søkje"),
    "start_question": ("Still et spørsmål", "Still eit spørsmål"),
    "start_question_example": (
        "Hvem har ansvar for opplæring i norsk for voksne?",
        "Kven har ansvar for opplæring i norsk for vaksne?",
    ),
    "start_section": ("Slå opp en paragraf", "Slå opp ein paragraf"),
    "start_section_example": ("integreringsloven § 4", "integreringslova § 4"),
    "start_phrase": ("Finn en fast frase", "Finn ein fast frase"),
    "start_phrase_example": ("«negativ sosial kontroll»", "«negativ sosial kontroll»"),
    "start_both": (
        "Du kan skrive på bokmål eller nynorsk. Søket finner treff på begge målformer.",
        "Du kan skrive på nynorsk eller bokmål. Søket finn treff på begge målformer.",
    ),
    # Document
    "back": ("Til søket", "Til søket"),
    "about": ("Om dokumentet", "Om dokumentet"),
    "doc_type": ("Type", "Type"),
    "doc_status": ("Status", "Status"),
    "doc_publisher": ("Utgiver", "Utgjevar"),
    "doc_language": ("Språk", "Språk"),
    "doc_areas": ("Fagområder", "Fagområde"),
    "doc_published": ("Utgitt", "Gjeve ut"),
    "doc_updated": ("Sist oppdatert", "Sist oppdatert"),
    "doc_valid_from": ("Gjelder fra", "Gjeld frå"),
    "doc_valid_to": ("Gjelder til", "Gjeld til"),
    "doc_fetched": ("Hentet", "Henta"),
    "doc_file": ("Fil", "Fil"),
    "doc_uri": ("Adresse", "Adresse"),
    "doc_short_title": ("Korttittel", "Korttittel"),
    "replaced_by": ("Se dokumentet som erstatter dette", "Sjå dokumentet som erstattar dette"),
    "translation_of": ("Finnes også på annet språk", "Finst også på anna språk"),
    "card": (
        "Kildekort. Kjelda kjenner kilden, men har ikke teksten. Åpne originalen og les den.",
        "Kjeldekort. Kjelda kjenner dokumentet, men har ikkje teksten. Opne originalen og les han.",
    ),
    "ocr": (
        (
            "Teksten er lest maskinelt fra et skannet dokument (sikkerhet {quality} %). Sjekk "
            "originalen før du siterer."
        ),
        (
            "Teksten er lesen maskinelt frå eit skanna dokument (tryggleik {quality} %). Sjekk "
            "originalen før du siterer."
        ),
    ),
    "edition_old": ("Eldre utgave", "Eldre utgåve"),
    "edition_until": (
        "Slik var teksten fram til {day}. Den er endret siden.",
        "Slik var teksten fram til {day}. Han er endra sidan.",
    ),
    "edition_present": ("Se teksten slik den er nå", "Sjå teksten slik han er no"),
    "edition_to": ("til {day}", "til {day}"),
    "conflict": ("Kildene er uenige om status", "Kjeldene er usamde om status"),
    "conflict_text": (
        "Undersøk hva som gjelder, før du bruker teksten. Dette sier kildene:",
        "Undersøk kva som gjeld, før du bruker teksten. Dette seier kjeldene:",
    ),
    "conflict_short": (
        "Åpne dokumentet og se hva hver av dem sier.",
        "Opne dokumentet og sjå kva kvar av dei seier.",
    ),
    "claim_document": ("Dokumentet selv", "Dokumentet sjølv"),
    "claim_notice": ("Merknad på siden", "Merknad på sida"),
    "claim_dates": ("Datoene", "Datoane"),
    "claim_register": ("Registeret i Kjelda", "Registeret i Kjelda"),
    "claim_fetch": ("Adressen", "Adressa"),
    "outline": ("Innhold", "Innhald"),
    "text": ("Teksten", "Teksten"),
    "cited": ("Sitert avsnitt", "Sitert avsnitt"),
    "cited_go": ("Gå til det siterte avsnittet", "Gå til det siterte avsnittet"),
    "mark_end": ("Slutt på det siterte avsnittet", "Slutt på det siterte avsnittet"),
    "part_of": ("Del {part} av {parts}", "Del {part} av {parts}"),
    "parts": ("Deler av dokumentet", "Delar av dokumentet"),
    "part_previous": ("Forrige del", "Førre del"),
    "part_next": ("Neste del", "Neste del"),
    # Places
    "page": ("side {page}", "side {page}"),
    "pages": ("side {page}–{page_end}", "side {page}–{page_end}"),
    "page_printed": ("{place} (trykt {label})", "{place} (trykt {label})"),
    # Status
    "status_current": ("Gjeldende", "Gjeldande"),
    "status_superseded": ("Erstattet", "Erstatta"),
    "status_proposal": ("Forslag", "Framlegg"),
    "status_expired": ("Opphevet", "Oppheva"),
    "status_unknown": ("Ukjent status", "Ukjend status"),
    "warn_superseded": (
        "Dette dokumentet er erstattet av et nyere. Det gjelder ikke lenger.",
        "Dette dokumentet er erstatta av eit nyare. Det gjeld ikkje lenger.",
    ),
    "warn_proposal": (
        "Dette er et forslag. Det er ikke vedtatt og gjelder ikke.",
        "Dette er eit framlegg. Det er ikkje vedteke og gjeld ikkje.",
    ),
    "warn_expired": (
        "Dette dokumentet gjelder ikke lenger.",
        "Dette dokumentet gjeld ikkje lenger.",
    ),
    # Types
    "type_act": ("Lov", "Lov"),
    "type_regulation": ("Forskrift", "Forskrift"),
    "type_circular": ("Rundskriv", "Rundskriv"),
    "type_guidance": ("Veileder", "Rettleiar"),
    "type_grant_scheme": ("Tilskuddsordning", "Tilskotsordning"),
    "type_plan": ("Plan eller strategi", "Plan eller strategi"),
    "type_white_paper": ("Melding til Stortinget", "Melding til Stortinget"),
    "type_bill": ("Proposisjon", "Proposisjon"),
    "type_nou": ("NOU", "NOU"),
    "type_hearing": ("Høring", "Høyring"),
    "type_committee_report": ("Innstilling", "Innstilling"),
    "type_report": ("Rapport", "Rapport"),
    "type_article": ("Fagartikkel", "Fagartikkel"),
    "type_web_page": ("Nettside", "Nettside"),
    "type_news": ("Nyhet", "Nyhende"),
    "type_other": ("Annet", "Anna"),
    # Languages
    "language_nb": ("Bokmål", "Bokmål"),
    "language_nn": ("Nynorsk", "Nynorsk"),
    "language_en": ("Engelsk", "Engelsk"),
    "language_und": ("Ikke fastslått", "Ikkje fastslått"),
    # Areas
    "area_0": ("Alle områdene", "Alle områda"),
    **{f"area_{area.number}": (area.nb, area.nn) for area in AREAS},
    **DOCUMENT_TEXTS,
    # Notices
    "notice": ("Merk", "Merk"),
    # Changes
    "changes_link": ("Hva er endret", "Kva er endra"),
    "changes_heading": ("Hva er endret", "Kva er endra"),
    "changes_lead": (
        "Nytt, endret, erstattet og borte i basen siden {day}.",
        "Nytt, endra, erstatta og borte i basen sidan {day}.",
    ),
    "changes_since": ("Vis endringer fra og med", "Vis endringar frå og med"),
    "changes_since_hint": ("Dato, for eksempel 1.11.2026", "Dato, til dømes 1.11.2026"),
    "changes_show": ("Vis", "Vis"),
    "changes_none": (
        "Ingenting er endret i denne tiden.",
        "Ingenting er endra i denne tida.",
    ),
    "changes_feed": ("Følg endringene (Atom)", "Følg endringane (Atom)"),
    "changes_more": (
        "De {n} nyeste vises. Velg en senere dato for å se færre.",
        "Dei {n} nyaste er viste. Vel ein seinare dato for å sjå færre.",
    ),
    "change_new": ("Ny", "Ny"),
    "change_changed": ("Endret", "Endra"),
    "change_status": ("Ny status", "Ny status"),
    "change_superseded": ("Gjelder ikke lenger", "Gjeld ikkje lenger"),
    "change_gone": ("Borte", "Borte"),
    "change_added": ("Nye avsnitt", "Nye avsnitt"),
    "change_removed": ("Avsnitt som er tatt bort", "Avsnitt som er tekne bort"),
    "change_reworded": ("Endrede avsnitt", "Endra avsnitt"),
    "change_from_to": ("Fra «{before}» til «{after}»", "Frå «{before}» til «{after}»"),
    "change_before": ("Se teksten slik den var", "Sjå teksten slik han var"),
    "change_others": ("og {n} til", "og {n} til"),
    "error_day": (
        "«{value}» er ikke en dato. Skriv dag, måned og år, for eksempel 1.11.2026.",
        "«{value}» er ikkje ein dato. Skriv dag, månad og år, til dømes 1.11.2026.",
    ),
    # Errors
    "error_title": ("Feil", "Feil"),
    "error_empty": (
        "Skriv noe å søke etter: noen ord eller en paragraf.",
        "Skriv noko å søkje etter: nokre ord eller ein paragraf.",
    ),
    "error_long": (
        "Søket er for langt. Forkort det til høyst {most} tegn.",
        "Søket er for langt. Kort det ned til høgst {most} teikn.",
    ),
    "error_year": (
        "«{value}» er ikke et år. Skriv året med fire sifre, for eksempel 2021.",
        "«{value}» er ikkje eit år. Skriv året med fire siffer, til dømes 2021.",
    ),
    "error_years": (
        "Fra-året er senere enn til-året. Bytt om på dem.",
        "Frå-året er seinare enn til-året. Byt om på dei.",
    ),
    "error_not_found": ("Fant ikke siden", "Fann ikkje sida"),
    "error_not_found_text": (
        "Adressen er feil, eller dokumentet er tatt ut av basen.",
        "Adressa er feil, eller dokumentet er teke ut av basen.",
    ),
    "error_not_ready": ("Søket er ikke klart", "Søket er ikkje klart"),
    "error_not_ready_text": (
        (
            "Basen eller språkmodellen er ikke på plass. Prøv igjen om litt, eller si fra til dem "
            "som driver Kjelda. Adressen /ready sier hva som mangler."
        ),
        (
            "Basen eller språkmodellen er ikkje på plass. Prøv igjen om litt, eller sei frå til "
            "dei som driv Kjelda. Adressa /ready seier kva som manglar."
        ),
    ),
    "error_other": ("Noe gikk galt", "Noko gjekk gale"),
    "error_other_text": (
        "Det som ble bedt om, kunne ikke gjøres. Prøv igjen fra forsiden.",
        "Det som vart bede om, let seg ikkje gjere. Prøv igjen frå framsida.",
    ),
    # API page
    "api_title": ("API", "API"),
    "api_text": (
        "Alt som sidene viser, kan også hentes som JSON. Beskrivelsene er på engelsk.",
        "Alt som sidene viser, kan også hentast som JSON. Skildringane er på engelsk.",
    ),
    "api_schema": ("Hele beskrivelsen som OpenAPI", "Heile skildringa som OpenAPI"),
    "api_parameters": ("Parametere", "Parametrar"),
    "api_required": ("må være med", "må vere med"),
    **texts_browse.TEXTS,
    **texts_feedback.TEXTS,
}


def catalogue(written: Written) -> dict[str, str]:
    """All texts in one written form."""
    column = WRITTEN.index(written)
    return {key: pair[column] for key, pair in _TEXTS.items()}


def text(written: Written, key: str, **values: object) -> str:
    """One text, with its values filled in. Raises KeyError for a key that isn't there."""
    found = _TEXTS[key][WRITTEN.index(written)]
    return found.format(**values) if values else found


def choose(asked: str | None, accept_language: str) -> Written:
    """The written form to show: what was asked for, else the browser's first of the two."""
    if asked in WRITTEN:
        return asked
    wishes: list[tuple[float, int, str]] = []
    for order, part in enumerate(accept_language.lower().split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), order, tag.split("-")[0]))
        except ValueError:
            continue
    for _, _, tag in sorted(wishes):
        if tag == "nn":
            return "nn"
        if tag in ("nb", "no"):
            return "nb"
    return "nb"

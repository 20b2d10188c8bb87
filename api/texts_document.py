"""The words of a document's page, in Bokmål and Nynorsk, in that order; more in api.texts."""

from __future__ import annotations

DOCUMENT_TEXTS: dict[str, tuple[str, str]] = {
    # The search that led here
    "trail": ("Treffene i søket", "Treffa i søket"),
    "trail_search": ("Søk:", "Søk:"),
    "trail_at": ("Treff {rank} av {count}", "Treff {rank} av {count}"),
    "trail_at_near": ("Tekst {rank} av {count}", "Tekst {rank} av {count}"),
    "trail_near": (
        "Søket ga ingen treff. Dette er en av tekstene som ligger nærmest.",
        "Søket gav ingen treff. Dette er ein av tekstane som ligg nærmast.",
    ),
    "trail_previous_near": ("Forrige tekst", "Førre tekst"),
    "trail_next_near": ("Neste tekst", "Neste tekst"),
    "trail_previous": ("Forrige treff", "Førre treff"),
    "trail_next": ("Neste treff", "Neste treff"),
    "trail_lost": (
        "Dette avsnittet er ikke blant treffene nå. Basen kan være endret etter at du søkte.",
        "Dette avsnittet er ikkje blant treffa no. Basen kan vere endra etter at du søkte.",
    ),
    "trail_again": ("Søk på nytt", "Søk på nytt"),
    # Status
    "standing": ("Status", "Status"),
    "passage_gone": ("Fant ikke det siterte avsnittet", "Fann ikkje det siterte avsnittet"),
    "passage_gone_text": (
        "Denne utgaven av dokumentet har ikke avsnittet som lenken viser til.",
        "Denne utgåva av dokumentet har ikkje avsnittet som lenkja viser til.",
    ),
    "card_text": (
        "Dette er et kildekort. Teksten er i basen:",
        "Dette er eit kjeldekort. Teksten er i basen:",
    ),
    "status_then": ("Status da", "Status då"),
    "says_current": (
        "Etter det Kjelda kjenner til, gjelder dette i dag.",
        "Etter det Kjelda kjenner til, gjeld dette i dag.",
    ),
    "says_unknown": (
        "Kjelda vet ikke om dette gjelder. Undersøk det hos utgiveren før du bruker teksten.",
        "Kjelda veit ikkje om dette gjeld. Undersøk det hos utgjevaren før du bruker teksten.",
    ),
    "standing_heir": ("Erstattet av", "Erstatta av"),
    "standing_replaces": ("Erstatter", "Erstattar"),
    "standing_editions": ("Utgaver i Kjelda", "Utgåver i Kjelda"),
    "edition_this": ("den du leser nå", "den du les no"),
    "edition_newest": ("den nyeste", "den nyaste"),
    "standing_claims": ("Kildene sier", "Kjeldene seier"),
    # Search within the document
    "find_heading": ("Søk i dokumentet", "Søk i dokumentet"),
    "find_label": ("Ord i dokumentet", "Ord i dokumentet"),
    "find_hint": (
        "Finner også bøyde former og den andre målformen. Bruk hermetegn om ordene skal stå slik.",
        "Finn også bøygde former og den andre målforma. Bruk hermeteikn om orda skal stå slik.",
    ),
    "find_button": ("Finn", "Finn"),
    "find_clear": ("Fjern søket i dokumentet", "Fjern søket i dokumentet"),
    "find_none": ("Ingen steder med «{asked}»", "Ingen stader med «{asked}»"),
    "find_none_text": (
        "Verken ordene, andre bøyninger av dem eller den andre målformen står i dokumentet.",
        "Verken orda, andre bøyingar av dei eller den andre målforma står i dokumentet.",
    ),
    "find_one": ("1 sted med «{asked}»", "1 stad med «{asked}»"),
    "find_many": ("{n} steder med «{asked}»", "{n} stader med «{asked}»"),
    "find_first": (
        "De {shown} første av {n} steder med «{asked}»",
        "Dei {shown} første av {n} stader med «{asked}»",
    ),
    "find_some": (
        "Ingen avsnitt har alle ordene. Disse har noen av dem.",
        "Ingen avsnitt har alle orda. Desse har nokre av dei.",
    ),
    # The page as a picture
    "picture_heading": ("Side {page} som bilde", "Side {page} som bilete"),
    "picture_show": ("Vis side {page} som bilde", "Vis side {page} som bilete"),
    "picture_alt": ("Bilde av side {page} i originalen.", "Bilete av side {page} i originalen."),
    "picture_all": ("Sitatet er rammet inn.", "Sitatet er ramma inn."),
    "picture_part": (
        "En del av sitatet er rammet inn. Resten er ikke funnet igjen på siden.",
        "Ein del av sitatet er ramma inn. Resten er ikkje funnen att på sida.",
    ),
    "picture_none": (
        "Sitatet er ikke funnet igjen på bildet. Sammenlign med teksten selv.",
        "Sitatet er ikkje funne att på biletet. Samanlikn med teksten sjølv.",
    ),
    "picture_no_quote": (
        "Teksten på siden står nedenfor, under «side {page}».",
        "Teksten på sida står nedanfor, under «side {page}».",
    ),
    "picture_previous": ("Forrige side", "Førre side"),
    "picture_next": ("Neste side", "Neste side"),
    "picture_whole": ("Åpne bildet i full størrelse", "Opne biletet i full storleik"),
    "picture_hide": ("Skjul bildet", "Gøym biletet"),
    "picture_unknown": (
        "Det finnes ikke noe bilde: Kjelda vet ikke hvilken fil teksten er lest fra.",
        "Det finst ikkje noko bilete: Kjelda veit ikkje kva fil teksten er lesen frå.",
    ),
    "picture_gone": (
        "Det finnes ikke noe bilde: Filen er ikke lenger der Kjelda leste den.",
        "Det finst ikkje noko bilete: Fila er ikkje lenger der Kjelda las ho.",
    ),
    "picture_changed": (
        "Det finnes ikke noe bilde: Filen er endret etter at Kjelda leste den.",
        "Det finst ikkje noko bilete: Fila er endra etter at Kjelda las ho.",
    ),
    "picture_slow": (
        "Det ble ikke noe bilde: Siden tar for lang tid å tegne.",
        "Det vart ikkje noko bilete: Sida tek for lang tid å teikne.",
    ),
    "picture_busy": (
        "Det ble ikke noe bilde: Kjelda tegner andre sider nå. Prøv igjen om litt.",
        "Det vart ikkje noko bilete: Kjelda teiknar andre sider no. Prøv igjen om litt.",
    ),
    "picture_broken": (
        "Det ble ikke noe bilde: Siden finnes ikke, eller den lar seg ikke tegne.",
        "Det vart ikkje noko bilete: Sida finst ikkje, eller ho let seg ikkje teikne.",
    ),
    "pdf_open": ("Åpne PDF-en", "Opne PDF-en"),
    "pdf_open_at": ("Åpne PDF-en på side {page}", "Opne PDF-en på side {page}"),
    # Citation
    "cite": ("Siter", "Siter"),
    "cite_quote": ("Sitat med henvisning", "Sitat med tilvising"),
    "cite_text": ("APA 7, i teksten", "APA 7, i teksten"),
    "cite_list": ("APA 7, i litteraturlisten", "APA 7, i litteraturlista"),
    "cite_law": ("Juridisk henvisning", "Juridisk tilvising"),
    "cite_link": ("Lenke til avsnittet i Kjelda", "Lenkje til avsnittet i Kjelda"),
    "copy": ("Kopier", "Kopier"),
    "copied": ("Kopiert", "Kopiert"),
    "copy_failed": (
        "Kunne ikke kopiere. Merk teksten og kopier den selv.",
        "Klarte ikkje å kopiere. Merk teksten og kopier han sjølv.",
    ),
}

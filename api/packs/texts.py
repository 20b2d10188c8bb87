"""The words of packs, their exports and overviews, in both written forms (api.texts has the rest).

Both forms have the same keys (tested).
"""

from __future__ import annotations

from api.texts import WRITTEN, Written
from api.texts import text as interface_text

# Each key has a text in Bokmål and one in Nynorsk, in that order.
_TEXTS: dict[str, tuple[str, str]] = {
    # Adding
    "add": ("Legg i kurspakke", "Legg i kurspakke"),
    "added": ("Sitatet er lagt i pakken, nederst.", "Sitatet er lagt i pakka, nedst."),
    "added_already": (
        "Sitatet lå alt i pakken og er ikke lagt til en gang til.",
        "Sitatet låg alt i pakka og er ikkje lagt til ein gong til.",
    ),
    "back": ("Tilbake dit du var", "Tilbake dit du var"),
    # Start page
    "packs": ("Kurspakker", "Kurspakker"),
    "pack": ("Kurspakke", "Kurspakke"),
    "start_lead": (
        (
            "En kurspakke er en samling sitater du setter sammen til et kurs, med dine egne "
            "overskrifter og merknader. Du kan laste den ned som Word, PowerPoint eller PDF, og "
            "se etter om kildene er endret siden."
        ),
        (
            "Ei kurspakke er ei samling sitat du set saman til eit kurs, med dine eigne "
            "overskrifter og merknader. Du kan laste ho ned som Word, PowerPoint eller PDF, og "
            "sjå etter om kjeldene er endra sidan."
        ),
    ),
    "start_how": (
        (
            "Søk, og velg «Legg i kurspakke» ved et treff. Pakken blir laget første gang. Den har"
            " ingen konto og ikke noe passord: lenken er nøkkelen. Ta vare på den."
        ),
        (
            "Søk, og vel «Legg i kurspakke» ved eit treff. Pakka blir laga første gongen. Ho har "
            "ingen konto og ikkje noko passord: lenkja er nøkkelen. Ta vare på henne."
        ),
    ),
    "start_current": ("Gå til pakken du arbeider med", "Gå til pakka du arbeider med"),
    "create": ("Lag en ny kurspakke", "Lag ei ny kurspakke"),
    "create_button": ("Lag pakken", "Lag pakka"),
    "title_label": ("Tittel", "Tittel"),
    # The pack's page
    "made": ("Laget {day}, sist endret {changed}.", "Laga {day}, sist endra {changed}."),
    "copied": (
        "Kopi av en annen pakke. Sitatene står slik de var der: se etter endringer.",
        "Kopi av ei anna pakke. Sitata står slik dei var der: sjå etter endringar.",
    ),
    "base_date": ("Basen er fra {day}.", "Basen er frå {day}."),
    "contents_one": ("1 sitat", "1 sitat"),
    "contents_many": ("{n} sitater", "{n} sitat"),
    "links": ("Lenkene til pakken", "Lenkjene til pakka"),
    "links_edit": (
        "Til deg: den som har denne lenken, kan endre og slette pakken",
        "Til deg: den som har denne lenkja, kan endre og slette pakka",
    ),
    "links_read": (
        "Til andre: den som har denne lenken, kan bare lese",
        "Til andre: den som har denne lenkja, kan berre lese",
    ),
    "links_keep": (
        (
            "Pakken finnes bare på lenkene. Lagre den første som bokmerke; ingen kan finne den "
            "igjen for deg."
        ),
        (
            "Pakka finst berre på lenkjene. Lagre den første som bokmerke; ingen kan finne henne "
            "att for deg."
        ),
    ),
    "current": (
        "Det du legger til fra søket, kommer i denne pakken.",
        "Det du legg til frå søket, kjem i denne pakka.",
    ),
    "not_current": (
        "Det du legger til fra søket, kommer ikke i denne pakken nå.",
        "Det du legg til frå søket, kjem ikkje i denne pakka no.",
    ),
    "use": ("Legg nye sitater i denne pakken", "Legg nye sitat i denne pakka"),
    "used": (
        "Nye sitater fra søket kommer nå i denne pakken.",
        "Nye sitat frå søket kjem no i denne pakka.",
    ),
    "read_only": (
        "Du ser på pakken. Endre den kan bare den som har lenken for endring.",
        "Du ser på pakka. Endre henne kan berre den som har lenkja for endring.",
    ),
    "empty": (
        "Pakken er tom. Søk, og velg «Legg i kurspakke» ved et treff.",
        "Pakka er tom. Søk, og vel «Legg i kurspakke» ved eit treff.",
    ),
    "contents": ("Innholdet", "Innhaldet"),
    "quote": ("Sitat {n}", "Sitat {n}"),
    "heading": ("Overskrift", "Overskrift"),
    "note": ("Merknad", "Merknad"),
    "open": ("Åpne i Kjelda", "Opne i Kjelda"),
    "up": ("Flytt opp", "Flytt opp"),
    "down": ("Flytt ned", "Flytt ned"),
    "place": ("Flytt til plass", "Flytt til plass"),
    "place_button": ("Flytt", "Flytt"),
    "remove": ("Ta bort", "Ta bort"),
    "edit": ("Endre teksten", "Endre teksten"),
    "save": ("Lagre", "Lagre"),
    "put_back": ("Legg tilbake", "Legg tilbake"),
    "removed": ("Tatt bort", "Teke bort"),
    "removed_hint": (
        "Det du har tatt bort, kan du legge tilbake der det sto.",
        "Det du har teke bort, kan du leggje tilbake der det stod.",
    ),
    "moved_notice": ("Flyttet til plass {n}.", "Flytta til plass {n}."),
    "removed_notice": (
        "Tatt bort. Du kan legge det tilbake.",
        "Teke bort. Du kan leggje det tilbake.",
    ),
    "put_back_notice": ("Lagt tilbake.", "Lagt tilbake."),
    "saved_notice": ("Lagret.", "Lagra."),
    "updated_notice": (
        "Sitatet er tatt på nytt, slik teksten står nå.",
        "Sitatet er teke på nytt, slik teksten står no.",
    ),
    "copied_notice": (
        "Dette er den nye pakken. Lagre lenken til den.",
        "Dette er den nye pakka. Lagre lenkja til henne.",
    ),
    "created_notice": (
        "Pakken er laget. Lagre lenken til den.",
        "Pakka er laga. Lagre lenkja til henne.",
    ),
    "add_heading": ("Ny overskrift", "Ny overskrift"),
    "add_note": ("Ny merknad", "Ny merknad"),
    "note_hint": (
        "Ren tekst, høyst {most} tegn. En tom linje skiller avsnitt.",
        "Rein tekst, høgst {most} teikn. Ei tom line skil avsnitt.",
    ),
    "no_persons": (
        "Skriv ikke om enkeltpersoner her. Alle som har lenken, kan lese det.",
        "Skriv ikkje om einskildpersonar her. Alle som har lenkja, kan lese det.",
    ),
    "add_button": ("Legg til nederst", "Legg til nedst"),
    "write_heading": ("Legg til overskrift eller merknad", "Legg til overskrift eller merknad"),
    "rename": ("Endre tittelen", "Endre tittelen"),
    "download": ("Last ned", "Last ned"),
    "download_pack": ("Hele pakken", "Heile pakka"),
    "download_references": (
        "Kildene, til Zotero og andre referanseverktøy",
        "Kjeldene, til Zotero og andre referanseverktøy",
    ),
    "format_docx": ("Word (DOCX)", "Word (DOCX)"),
    "format_pptx": ("PowerPoint (PPTX)", "PowerPoint (PPTX)"),
    "format_pdf": ("PDF, tilgjengelig", "PDF, tilgjengeleg"),
    "format_md": ("Markdown", "Markdown"),
    "format_html": ("Nettside (HTML)", "Nettside (HTML)"),
    "format_ris": ("RIS", "RIS"),
    "format_json": ("CSL-JSON", "CSL-JSON"),
    "format_bib": ("BibTeX", "BibTeX"),
    "more": ("Mer du kan gjøre", "Meir du kan gjere"),
    "copy": ("Kopier til neste kurs", "Kopier til neste kurs"),
    "copy_hint": (
        "Kopien får egne lenker. Denne pakken blir stående som den er.",
        "Kopien får eigne lenkjer. Denne pakka blir ståande som ho er.",
    ),
    "copy_title": ("{title} (kopi)", "{title} (kopi)"),
    "delete": ("Slett pakken", "Slett pakka"),
    "delete_heading": ("Slette «{title}»?", "Slette «{title}»?"),
    "delete_text": (
        "Pakken og begge lenkene blir borte for godt. Kilder i basen blir ikke rørt.",
        "Pakka og båe lenkjene blir borte for godt. Kjelder i basen blir ikkje rørte.",
    ),
    "delete_yes": ("Ja, slett pakken", "Ja, slett pakka"),
    "delete_no": ("Nei, gå tilbake", "Nei, gå tilbake"),
    "deleted": ("Pakken er slettet.", "Pakka er sletta."),
    # Check again
    "check": ("Sjekk på nytt", "Sjekk på nytt"),
    "check_hint": (
        "Se hvilke sitater som er endret, erstattet eller borte siden de ble lagt i pakken.",
        "Sjå kva sitat som er endra, erstatta eller borte sidan dei vart lagde i pakka.",
    ),
    "check_title": ("Sjekk på nytt: {title}", "Sjekk på nytt: {title}"),
    "check_none": (
        "Alle sitatene står i basen slik de ble tatt.",
        "Alle sitata står i basen slik dei vart tekne.",
    ),
    "check_one": ("1 av {n} sitater må ses på.", "1 av {n} sitat må sjåast på."),
    "check_many": (
        "{changed} av {n} sitater må ses på.",
        "{changed} av {n} sitat må sjåast på.",
    ),
    "check_empty": ("Pakken har ingen sitater.", "Pakka har ingen sitat."),
    "check_against": (
        "Sitatene er sammenlignet med basen slik den er nå. Kjelda ser bare det som er hentet inn.",
        "Sitata er jamførte med basen slik han er no. Kjelda ser berre det som er henta inn.",
    ),
    "check_look": ("Se på disse", "Sjå på desse"),
    "check_fine": ("Som før", "Som før"),
    "outcome_unchanged": ("Uendret", "Uendra"),
    "outcome_moved": ("Samme tekst, nytt sted", "Same tekst, ny stad"),
    "outcome_changed": ("Teksten er endret", "Teksten er endra"),
    "outcome_vanished": ("Teksten er borte", "Teksten er borte"),
    "outcome_gone": ("Dokumentet er borte", "Dokumentet er borte"),
    "outcome_status": ("Ny status", "Ny status"),
    "outcome_conflict": ("Kildene er blitt uenige", "Kjeldene er vortne usamde"),
    "explain_moved": ("Sto: {before}. Står nå: {after}.", "Stod: {before}. Står no: {after}."),
    "explain_vanished": (
        "Dokumentet er i basen, men dette står der ikke lenger, verken her eller et annet sted.",
        "Dokumentet er i basen, men dette står der ikkje lenger, korkje her eller ein annan stad.",
    ),
    "explain_gone": (
        "Dokumentet er ikke i basen lenger. Undersøk hos utgiveren før du bruker sitatet.",
        "Dokumentet er ikkje i basen lenger. Undersøk hos utgjevaren før du bruker sitatet.",
    ),
    "explain_status": ("Fra «{before}» til «{after}».", "Frå «{before}» til «{after}»."),
    "before": ("Slik sto det", "Slik stod det"),
    "after": ("Slik står det nå", "Slik står det no"),
    "gone_word": ("tatt bort: ", "teke bort: "),
    "new_word": ("nytt: ", "nytt: "),
    "update": ("Ta sitatet på nytt, slik det står nå", "Ta sitatet på nytt, slik det står no"),
    "to_pack": ("Til pakken", "Til pakka"),
    # In exports
    "export_about": ("Om pakken", "Om pakka"),
    "export_fact": ("Hva", "Kva"),
    "export_value": ("Opplysning", "Opplysning"),
    "export_made": ("Laget", "Laga"),
    "export_exported": ("Lastet ned", "Lasta ned"),
    "export_base": ("Basens dato", "Datoen til basen"),
    "export_query": ("Søk", "Søk"),
    "export_quotes": ("Sitater", "Sitat"),
    "export_sources": ("Kilder", "Kjelder"),
    "export_source": ("Kilde", "Kjelde"),
    "export_added": ("Sitert", "Sitert"),
    "export_page": ("Side", "Side"),
    "export_of": ("av", "av"),
    "export_advice": (
        (
            "Sitatene er ordrette. Les kilden før du bygger på dem: de kan være endret etter at "
            "de ble tatt."
        ),
        (
            "Sitata er ordrette. Les kjelda før du byggjer på dei: dei kan vere endra etter at "
            "dei vart tekne."
        ),
    ),
    "unknown": ("ikke kjent", "ikkje kjent"),
    # Overview
    "overview": ("Oversikt over et tema", "Oversyn over eit tema"),
    "overview_title": ("Oversikt: {query}", "Oversyn: {query}"),
    "overview_link": (
        "Alle dokumenter som handler om dette, som tabell",
        "Alle dokument som handlar om dette, som tabell",
    ),
    "overview_lead": (
        "Alle dokumenter i basen som har minst ett avsnitt om temaet, ikke bare de beste treffene.",
        "Alle dokument i basen som har minst eitt avsnitt om temaet, ikkje berre dei beste treffa.",
    ),
    "overview_cut": (
        (
            "Et avsnitt er med når ordene i søket står der (minst {share} prosent etter vekt), "
            "eller når meningen ligger klart nærmere søket enn avsnittene ellers i basen. Et "
            "dokument som sier det samme med helt andre ord, kan mangle."
        ),
        (
            "Eit avsnitt er med når orda i søket står der (minst {share} prosent etter vekt), "
            "eller når meininga ligg klart nærare søket enn avsnitta elles i basen. Eit dokument "
            "som seier det same med heilt andre ord, kan mangle."
        ),
    ),
    "overview_count_one": ("1 dokument", "1 dokument"),
    "overview_count_many": ("{n} dokumenter", "{n} dokument"),
    "overview_none": (
        "Ingen dokumenter i basen ser ut til å handle om dette.",
        "Ingen dokument i basen ser ut til å handle om dette.",
    ),
    "overview_file": ("oversikt", "oversyn"),
    "overview_sheet": ("Oversikt", "Oversyn"),
    "export_about_table": ("Om tabellen", "Om tabellen"),
    "overview_excel": ("Last ned som Excel (XLSX)", "Last ned som Excel (XLSX)"),
    "overview_search": ("Vis tabellen", "Vis tabellen"),
    "overview_label": ("Tema", "Tema"),
    "overview_more": (
        "De {n} første vises her. Hele tabellen er i regnearket.",
        "Dei {n} første er viste her. Heile tabellen er i reknearket.",
    ),
    "column_title": ("Dokument", "Dokument"),
    "column_type": ("Type", "Type"),
    "column_publisher": ("Utgiver", "Utgjevar"),
    "column_status": ("Status", "Status"),
    "column_date": ("Dato", "Dato"),
    "column_language": ("Språk", "Språk"),
    "column_place": ("Beste sted", "Beste stad"),
    "column_passages": ("Avsnitt om temaet", "Avsnitt om temaet"),
    "column_link": ("I Kjelda", "I Kjelda"),
    "column_original": ("Originalen", "Originalen"),
    # What is refused, and what to do
    "refused_empty": ("Skriv noe først.", "Skriv noko først."),
    "refused_title": (
        "Tittelen har {length} tegn. Kort den ned til høyst {most}.",
        "Tittelen har {length} teikn. Kort han ned til høgst {most}.",
    ),
    "refused_heading": (
        "Overskriften har {length} tegn. Kort den ned til høyst {most}.",
        "Overskrifta har {length} teikn. Kort henne ned til høgst {most}.",
    ),
    "refused_note": (
        "Merknaden har {length} tegn. Kort den ned til høyst {most}, eller del den i to.",
        "Merknaden har {length} teikn. Kort han ned til høgst {most}, eller del han i to.",
    ),
    "refused_identity": (
        "«{value}» ser ut som et fødselsnummer. Alle som har lenken, kan lese pakken: ta det bort.",
        "«{value}» ser ut som eit fødselsnummer. Alle som har lenkja, kan lese pakka: ta det bort.",
    ),
    "refused_items": (
        (
            "Pakken er full: den har plass til {most} sitater, overskrifter og merknader. Ta bort"
            " noe, eller lag en ny pakke."
        ),
        (
            "Pakka er full: ho har plass til {most} sitat, overskrifter og merknader. Ta bort "
            "noko, eller lag ei ny pakke."
        ),
    ),
    "refused_packs": (
        (
            "Det er ikke plass til flere pakker på denne tjeneren ({most}). Slett en du ikke "
            "bruker, eller si fra til dem som driver Kjelda."
        ),
        (
            "Det er ikkje plass til fleire pakker på denne tenaren ({most}). Slett ei du ikkje "
            "bruker, eller sei frå til dei som driv Kjelda."
        ),
    ),
    "refused_size": (
        "Det som ble sendt, er for stort. Kort ned teksten.",
        "Det som vart sendt, er for stort. Kort ned teksten.",
    ),
    "refused_form": (
        "Skjemaet kan ikke leses. Gå tilbake og prøv igjen.",
        "Skjemaet kan ikkje lesast. Gå tilbake og prøv igjen.",
    ),
    "refused_origin": (
        "Dette ble sendt fra en annen nettside, og er ikke gjort. Gjør det fra Kjelda.",
        "Dette vart sendt frå ei anna nettside, og er ikkje gjort. Gjer det frå Kjelda.",
    ),
    "refused_place": (
        "«{value}» er ikke en plass i pakken. Skriv et tall fra 1 til {most}.",
        "«{value}» er ikkje ein plass i pakka. Skriv eit tal frå 1 til {most}.",
    ),
    "missing_heading": ("Fant ikke kurspakken", "Fann ikkje kurspakka"),
    "missing_pack": (
        "Lenken er ikke hel, pakken er slettet, eller lenken er bare for lesing.",
        "Lenkja er ikkje heil, pakka er sletta, eller lenkja er berre for lesing.",
    ),
    "missing_item": (
        "Det du ville endre, er ikke i pakken lenger. Kanskje er den endret i et annet vindu.",
        "Det du ville endre, er ikkje i pakka lenger. Kanskje er ho endra i eit anna vindauge.",
    ),
    "missing_passage": (
        "Avsnittet finnes ikke i basen lenger. Søk på nytt.",
        "Avsnittet finst ikkje i basen lenger. Søk på nytt.",
    ),
    "refused_heading_page": ("Det gikk ikke", "Det gjekk ikkje"),
    "unavailable_pdf": (
        (
            "PDF kan ikke lages på denne tjeneren: biblioteket Pango mangler. Den som driver "
            "Kjelda, kan installere det (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
            " libharfbuzz-subset0). De andre formatene virker."
        ),
        (
            "PDF kan ikkje lagast på denne tenaren: biblioteket Pango manglar. Den som driv "
            "Kjelda, kan installere det (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
            " libharfbuzz-subset0). Dei andre formata verkar."
        ),
    ),
}


def catalogue(written: Written) -> dict[str, str]:
    """All texts of packs in one written form."""
    column = WRITTEN.index(written)
    return {key: pair[column] for key, pair in _TEXTS.items()}


def text(written: Written, key: str, **values: object) -> str:
    """A text of packs, with its values filled in; else one of the interface.

    Raises KeyError for a key that is in neither.
    """
    if key not in _TEXTS:
        return interface_text(written, key, **values)
    found = _TEXTS[key][WRITTEN.index(written)]
    return found.format(**values) if values else found

"""Words of the feedback page."""

from __future__ import annotations

# Bokmål, Nynorsk; merged into api.texts.
TEXTS: dict[str, tuple[str, str]] = {
    "feedback_link": ("Meld fra om feil", "Meld frå om feil"),
    "feedback_heading": ("Meld fra om feil eller mangler", "Meld frå om feil eller manglar"),
    "feedback_about": ("Det gjelder", "Det gjeld"),
    "feedback_about_base": (
        "Det gjelder basen som helhet, ikke ett bestemt dokument.",
        "Det gjeld basen i det heile, ikkje eitt bestemt dokument.",
    ),
    "feedback_lead": (
        "Meldingen går til dem som driver Kjelda. De ser ikke hvem du er, og kan ikke svare deg.",
        "Meldinga går til dei som driv Kjelda. Dei ser ikkje kven du er, og kan ikkje svare deg.",
    ),
    "feedback_kind": ("Hva er galt?", "Kva er gale?"),
    "kind_wrong": ("Innholdet er feil", "Innhaldet er feil"),
    "kind_outdated": ("Innholdet er utdatert", "Innhaldet er utdatert"),
    "kind_missing": ("Noe mangler", "Noko manglar"),
    "kind_quote": ("Sitatet står ikke i kilden", "Sitatet står ikkje i kjelda"),
    "kind_other": ("Noe annet", "Noko anna"),
    "feedback_text": ("Fortell mer", "Fortel meir"),
    "feedback_text_hint": (
        (
            "Høyst {most} tegn. Ikke skriv navn, fødselsnummer, telefonnummer, e-postadresser "
            "eller "
            "annet som kan peke ut en person."
        ),
        (
            "Høgst {most} teikn. Ikkje skriv namn, fødselsnummer, telefonnummer, e-postadresser "
            "eller "
            "anna som kan peike ut ein person."
        ),
    ),
    "feedback_kept": (
        (
            "Vi lagrer tidspunktet, det du velger og skriver, og hvilket sted i dokumentet det "
            "gjelder. Vi lagrer ikke søket ditt eller IP-adressen din."
        ),
        (
            "Vi lagrar tidspunktet, det du vel og skriv, og kva stad i dokumentet det gjeld. Vi "
            "lagrar ikkje søket ditt eller IP-adressa di."
        ),
    ),
    "feedback_trap": ("La dette feltet stå tomt", "Lat dette feltet stå tomt"),
    "feedback_send": ("Send meldingen", "Send meldinga"),
    "feedback_thanks": ("Takk, meldingen er lagret", "Takk, meldinga er lagra"),
    "feedback_thanks_text": (
        "De som driver Kjelda, leser den og retter det de kan.",
        "Dei som driv Kjelda, les ho og rettar det dei kan.",
    ),
    "feedback_back": ("Tilbake til dokumentet", "Tilbake til dokumentet"),
    "faults_heading": ("Meldingen er ikke sendt", "Meldinga er ikkje send"),
    "fault_kind": ("Velg hva som er galt.", "Vel kva som er gale."),
    "fault_empty": (
        "Skriv hva det gjelder. Ut fra valget ditt alene kan ingen se det.",
        "Skriv kva det gjeld. Ut frå valet ditt åleine kan ingen sjå det.",
    ),
    "fault_long": (
        "Teksten har {n} tegn. Forkort den til høyst {most}.",
        "Teksten har {n} teikn. Kort han ned til høgst {most}.",
    ),
    "fault_identity_number": (
        "Teksten inneholder «{value}», som ser ut som et fødselsnummer. Ta det bort.",
        "Teksten inneheld «{value}», som ser ut som eit fødselsnummer. Ta det bort.",
    ),
    "fault_email": (
        "Teksten inneholder «{value}», som ser ut som en e-postadresse. Ta den bort.",
        "Teksten inneheld «{value}», som ser ut som ei e-postadresse. Ta ho bort.",
    ),
    "fault_phone": (
        "Teksten inneholder «{value}», som ser ut som et telefonnummer. Ta det bort.",
        "Teksten inneheld «{value}», som ser ut som eit telefonnummer. Ta det bort.",
    ),
    "fault_origin": (
        (
            "Skjemaet ble sendt fra en annen adresse enn denne. Kontroller det du skrev, og send "
            "det "
            "på nytt herfra."
        ),
        (
            "Skjemaet vart sendt frå ei anna adresse enn denne. Kontroller det du skreiv, og send "
            "det "
            "på nytt herfrå."
        ),
    ),
    "fault_gone": (
        (
            "Dokumentet eller stedet finnes ikke lenger i basen. Skriv hvilket dokument det "
            "gjelder, "
            "og send på nytt."
        ),
        (
            "Dokumentet eller staden finst ikkje lenger i basen. Skriv kva dokument det gjeld, og "
            "send på nytt."
        ),
    ),
    "fault_size": (
        "Det som ble sendt, var for stort. Skriv kortere.",
        "Det som vart sendt, var for stort. Skriv kortare.",
    ),
    "fault_often": (
        (
            "Det er sendt mange meldinger på kort tid. Vent noen minutter, og send på nytt. "
            "Teksten "
            "din står under."
        ),
        (
            "Det er sendt mange meldingar på kort tid. Vent nokre minutt, og send på nytt. Teksten "
            "din står under."
        ),
    ),
    "fault_store": (
        (
            "Kjelda kan ikke lagre meldinger nå. Teksten din står under: ta vare på den, og prøv "
            "igjen "
            "senere."
        ),
        (
            "Kjelda kan ikkje lagre meldingar no. Teksten din står under: ta vare på han, og prøv "
            "igjen seinare."
        ),
    ),
}

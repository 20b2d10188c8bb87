"""Words of the pages that list documents: topics, and lists by type, status and publisher."""

from __future__ import annotations

# Bokmål, Nynorsk; merged into api.texts.
TEXTS: dict[str, tuple[str, str]] = {
    "browse_link": ("Emner og dokumenter", "Emne og dokument"),
    # Topics
    "topics_heading": ("Emner", "Emne"),
    "topics_lead": (
        "De seks områdene, med det som gjelder, det som er foreslått, og det som er erstattet.",
        "Dei seks områda, med det som gjeld, det som er framlagt, og det som er erstatta.",
    ),
    "topics_areas": ("Fagområdene", "Fagområda"),
    "topics_by_type": ("Etter dokumenttype", "Etter dokumenttype"),
    "topics_by_status": ("Etter status", "Etter status"),
    "topics_by_publisher": ("Etter utgiver", "Etter utgjevar"),
    "topics_all": ("Se alle dokumentene i én liste", "Sjå alle dokumenta i éi liste"),
    "documents_one": ("1 dokument", "1 dokument"),
    "documents_many": ("{n} dokumenter", "{n} dokument"),
    "topic_1_text": (
        (
            "Hvordan flyktninger får en kommune å bo i: anmodning, vedtak, avtalt selvvalgt "
            "bosetting og bolig."
        ),
        (
            "Korleis flyktningar får ein kommune å bu i: oppmoding, vedtak, avtalt sjølvvald "
            "busetjing og bustad."
        ),
    ),
    "topic_2_text": (
        (
            "Hvordan fylkeskommunen og staten hjelper kommunene med integreringsloven: "
            "introduksjonsprogram, opplæring i norsk og kurs for ansatte."
        ),
        (
            "Korleis fylkeskommunen og staten hjelper kommunane med integreringslova: "
            "introduksjonsprogram, opplæring i norsk og kurs for tilsette."
        ),
    ),
    "topic_3_text": (
        (
            "Hvem som gjør hva i regionen: fylkeskommunen, IMDi, Nav, statsforvalteren og "
            "kommunene, "
            "planer og kvalifisering til arbeid."
        ),
        (
            "Kven som gjer kva i regionen: fylkeskommunen, IMDi, Nav, statsforvaltaren og "
            "kommunane, "
            "planar og kvalifisering til arbeid."
        ),
    ),
    "topic_4_text": (
        (
            "Forebygging, plikter og hjelp i saker om negativ sosial kontroll, æresmotivert vold, "
            "tvangsekteskap og kjønnslemlestelse."
        ),
        (
            "Førebygging, plikter og hjelp i saker om negativ sosial kontroll, æresmotivert vald, "
            "tvangsekteskap og kjønnslemlesting."
        ),
    ),
    "topic_5_text": (
        "Tilskudd til integreringsarbeid: hvem som kan søke, vilkår, frister og rapportering.",
        "Tilskot til integreringsarbeid: kven som kan søkje, vilkår, fristar og rapportering.",
    ),
    "topic_6_text": (
        "Samarbeidet med frivillige organisasjoner, og tiltak som gjør at flere kan delta.",
        "Samarbeidet med frivillige organisasjonar, og tiltak som gjer at fleire kan delta.",
    ),
    "topic_danger": (
        "Er noen i fare? Ring politiet på 112.",
        "Er nokon i fare? Ring politiet på 112.",
    ),
    "topic_groups": ("På denne siden", "På denne sida"),
    "topic_list": (
        "Se alt om emnet i én liste som kan sorteres",
        "Sjå alt om emnet i éi liste som kan sorterast",
    ),
    "group_current": ("Gjeldende", "Gjeldande"),
    "group_current_text": (
        "Dette gjelder i dag, så langt Kjelda vet.",
        "Dette gjeld i dag, så langt Kjelda veit.",
    ),
    "group_proposal": ("Forslag og forarbeid", "Framlegg og førearbeid"),
    "group_proposal_text": (
        (
            "Proposisjoner, NOU-er og høringer er ikke lov. De viser hva som er foreslått, eller "
            "hvorfor en lov ble som den ble."
        ),
        (
            "Proposisjonar, NOU-ar og høyringar er ikkje lov. Dei viser kva som er framlagt, eller "
            "kvifor ei lov vart som ho vart."
        ),
    ),
    "group_ended": ("Erstattet eller opphevet", "Erstatta eller oppheva"),
    "group_ended_text": (
        "Dette gjelder ikke lenger. Se det som er kommet i stedet.",
        "Dette gjeld ikkje lenger. Sjå det som er kome i staden.",
    ),
    "group_unknown": ("Ukjent status", "Ukjend status"),
    "group_unknown_text": (
        "Kjelda vet ikke om dette gjelder. Undersøk det hos utgiveren før du bruker det.",
        "Kjelda veit ikkje om dette gjeld. Undersøk det hos utgjevaren før du bruker det.",
    ),
    "group_none": ("Basen har ingenting her.", "Basen har ingenting her."),
    "pending": ("Ikke vedtatt", "Ikkje vedteke"),
    "preparatory": ("Forarbeid til vedtatte lover", "Førearbeid til vedtekne lover"),
    "earlier_proposals": ("Tidligere forslag", "Tidlegare framlegg"),
    "status_preparatory": ("Forarbeid til vedtatt lov", "Førearbeid til vedteken lov"),
    # An entry of a list
    "entry_card": (
        "Kildekort, uten tekst",
        "Kjeldekort, utan tekst",
    ),
    "entry_replaces": ("Har erstattet", "Har erstatta"),
    "entry_replaced_by": ("Erstattet av", "Erstatta av"),
    "entry_prepared": ("Forarbeid", "Førearbeid"),
    "entry_became": ("Se loven", "Sjå lova"),
    # Lists
    "list_all": ("Alle dokumenter", "Alle dokument"),
    "list_some": ("Dokumenter: {what}", "Dokument: {what}"),
    "list_or": ("{first} eller {last}", "{first} eller {last}"),
    "list_count": ("Viser {first}–{last} av {total}", "Viser {first}–{last} av {total}"),
    "list_filters": ("Avgrens listen", "Avgrens lista"),
    "list_apply": ("Vis listen", "Vis lista"),
    "list_sort": ("Sorter etter", "Sorter etter"),
    "sort_title": ("Tittel", "Tittel"),
    "sort_date": ("Dato, nyeste først", "Dato, nyaste først"),
    "list_pages": ("Sider i listen", "Sider i lista"),
    "list_page_of": ("Side {page} av {pages}", "Side {page} av {pages}"),
    "list_previous": ("Forrige side", "Førre side"),
    "list_next": ("Neste side", "Neste side"),
    "list_empty": ("Ingen dokumenter passer", "Ingen dokument passar"),
    "list_empty_text": (
        "Basen har ingen dokumenter med alle disse kjennetegnene. Fjern ett eller flere.",
        "Basen har ingen dokument med alle desse kjenneteikna. Fjern eitt eller fleire.",
    ),
    # Kinds of documents, several of them
    "types_act": ("Lover", "Lover"),
    "types_regulation": ("Forskrifter", "Forskrifter"),
    "types_circular": ("Rundskriv", "Rundskriv"),
    "types_guidance": ("Veiledere", "Rettleiarar"),
    "types_grant_scheme": ("Tilskuddsordninger", "Tilskotsordningar"),
    "types_plan": ("Planer og strategier", "Planar og strategiar"),
    "types_white_paper": ("Meldinger til Stortinget", "Meldingar til Stortinget"),
    "types_bill": ("Proposisjoner", "Proposisjonar"),
    "types_nou": ("NOU-er", "NOU-ar"),
    "types_hearing": ("Høringer", "Høyringar"),
    "types_committee_report": ("Innstillinger", "Innstillingar"),
    "types_report": ("Rapporter", "Rapportar"),
    "types_article": ("Fagartikler", "Fagartiklar"),
    "types_web_page": ("Nettsider", "Nettsider"),
    "types_news": ("Nyheter", "Nyhende"),
    "types_other": ("Annet", "Anna"),
}

"""Norwegian for the lexical index: words, stems, stop words, compounds, law references."""

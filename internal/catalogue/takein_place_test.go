package catalogue

import (
	"slices"
	"testing"
)

// Country, languages and persistent ids come in with a record; what it does not mention stays.
func TestTakeInPlace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := Intake{Source: "REG", Cause: "cause-1"}
		germany, nowhere, home := "de", "XX", "CN"
		ids := []Identifier{{"doi", "https://doi.org/10.5442/NI000001"}}
		x := microscope("1")
		x.Country, x.Languages, x.Identifiers = &germany, []string{"de", "en"}, ids
		bad := microscope("2")
		bad.Country, bad.Languages, bad.Identifiers = &nowhere, []string{"xx"}, []Identifier{{"doi", "none"}}
		out := w.takeIn(in, x, bad)
		if got := did(out); got[0] != Added || got[1] != Refused+" not-a-country not-a-choice not-an-identifier" {
			t.Fatal(got)
		}
		read := func() Resource {
			t.Helper()
			r, err := w.Resource(t.Context(), w.DB, out[0].Resource)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := read(); r.Country != "DE" || r.Region != Abroad || !slices.Equal(r.Languages, []string{"de", "en"}) || !slices.Equal(r.Identifiers, []Identifier{{"doi", "10.5442/ni000001"}}) {
			t.Errorf("%+v", r)
		}
		if got := did(w.takeIn(in, x)); got[0] != Unchanged {
			t.Error(got)
		}
		if got := did(w.takeIn(in, microscope("1", "maker", "甲"))); got[0] != Updated || read().Country != "DE" || len(read().Identifiers) != 1 {
			t.Error(got, read())
		}
		x = microscope("1")
		x.Country, x.Languages, x.Identifiers = &home, []string{}, []Identifier{}
		if got := did(w.takeIn(in, x)); got[0] != Updated || read().Country != "" || read().Region != "330402" || len(read().Languages)+len(read().Identifiers) != 0 {
			t.Error(got, read())
		}
	})
}

package catalogue

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/form"
)

// someValue draws a value of a field as it is kept.
func someValue(t *rapid.T, f kinds.Field) any {
	words := rapid.StringMatching(`[a-zA-Z0-9电镜测试]{1,8}( [a-z0-9]{1,4})?`)
	label := f.Name
	switch f.Type {
	case kinds.Date:
		return fmt.Sprintf("%d-%02d-%02d", rapid.IntRange(1950, 2030).Draw(t, label), rapid.IntRange(1, 12).Draw(t, label), rapid.IntRange(1, 28).Draw(t, label))
	case kinds.Month:
		return fmt.Sprintf("%d-%02d", rapid.IntRange(1950, 2030).Draw(t, label), rapid.IntRange(1, 12).Draw(t, label))
	case kinds.Number:
		return rapid.Int64Range(0, 9).Draw(t, label)
	case kinds.Wan:
		return rapid.Int64Range(0, 99_999_999).Draw(t, label) * 10_000
	case kinds.Flag:
		return rapid.Bool().Draw(t, label)
	case kinds.One:
		return rapid.SampledFrom(f.Choices).Draw(t, label).Value
	case kinds.Many:
		c := rapid.SampledFrom(f.Choices).Draw(t, label)
		return []string{c.Value}
	case kinds.List:
		return rapid.SliceOfN(words, 1, 3).Draw(t, label)
	case kinds.Class:
		return "010100"
	case kinds.Link:
		return "https://example.org/" + rapid.StringMatching(`[a-z]{1,8}`).Draw(t, label)
	case kinds.Mail:
		return rapid.StringMatching(`[a-z]{1,8}`).Draw(t, label) + "@example.org"
	case kinds.Post:
		return "314000"
	}
	v, p := f.Parse(words.Draw(t, label))
	if p != nil {
		return "a"
	}
	return v
}

// Every field of every kind goes through text, form, JSON and back without becoming anything else.
func TestOneDescriptionServesEveryWay(t *testing.T) {
	for _, k := range kinds.All() {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want := Resource{Kind: k.Name, Region: "330402", Fields: map[string]any{}}
				for _, f := range k.Fields {
					want.assign(f, someValue(t, f))
				}
				for _, f := range k.Fields {
					v := want.value(f)
					for _, english := range []bool{false, true} {
						if again, p := f.Parse(f.Show(v, english)); p != nil || !reflect.DeepEqual(again, v) {
							t.Fatalf("%s: %v shown as %q is read as %v %v", f.Name, v, f.Show(v, english), again, p)
						}
					}
				}
				throughForm(t, k, want)
				throughJSON(t, k, want)
			})
		})
	}
}

func throughForm(t *rapid.T, k kinds.Kind, want Resource) {
	filled := formOf(want, k)
	sent := url.Values{"kind": {k.Name}}
	for _, f := range k.Fields {
		sent[f.Name] = filled.All(f.Name)
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := Resource{Kind: k.Name, Region: want.Region, Fields: map[string]any{}}
	if err := readDraft(form.Read(r), k).apply(&got, k); err != nil {
		t.Fatalf("the form is refused: %v", err)
	}
	same(t, "the form", k, got, want)
}

func throughJSON(t *rapid.T, k kinds.Kind, want Resource) {
	all := maps.Clone(want.Fields)
	for _, f := range k.Fields {
		if f.Core {
			all[f.Name] = want.value(f)
		}
	}
	text, err := json.Marshal(resourceDraft{Kind: k.Name, Fields: all})
	if err != nil {
		t.Fatal(err)
	}
	var d resourceDraft
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	got := Resource{Kind: k.Name, Fields: map[string]any{}}
	if err := d.draft().apply(&got, k); err != nil {
		t.Fatalf("JSON is refused: %v", err)
	}
	same(t, "JSON", k, got, want)
	kept, err := fieldsText(want.Fields)
	if err != nil {
		t.Fatal(err)
	}
	back, err := row{Fields: kept}.resource()
	if err != nil || !reflect.DeepEqual(back.Fields, want.Fields) {
		t.Fatalf("the database gives back %v for %v (%v)", back.Fields, want.Fields, err)
	}
}

func same(t *rapid.T, way string, k kinds.Kind, got, want Resource) {
	for _, f := range k.Fields {
		if !reflect.DeepEqual(got.value(f), want.value(f)) {
			t.Fatalf("%s makes %v of %s = %v", way, got.value(f), f.Name, want.value(f))
		}
	}
}

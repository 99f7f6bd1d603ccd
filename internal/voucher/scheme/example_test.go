package scheme

import (
	"slices"
	"strings"
	"testing"
)

// Every published scheme that comes with the program is valid, names where it comes from, says what its source leaves
// open, and its worked cases come out to the fen.
func TestExamples(t *testing.T) {
	all, err := Examples()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 15 {
		t.Fatalf("only %d examples", len(all))
	}
	for _, e := range all {
		t.Run(e.Code, func(t *testing.T) {
			d := e.Programme
			if d.Name.EN == "" || d.Summary.ZH == "" || d.Summary.EN == "" || d.Sample {
				t.Error("name and summary in both languages, and no sample: it is a published scheme")
			}
			page := d.Terms.Sources["page"]
			if page.Title.ZH == "" || page.Title.EN == "" || page.Note.ZH == "" || page.Note.EN == "" {
				t.Errorf("the source is %+v", page)
			}
			if !slices.Contains(d.Terms.OpenFields(), "budget") {
				t.Error("no published scheme states the budget of a programme here: it must be left open")
			}
			if len(e.Cases) == 0 {
				t.Error("no worked case")
			}
			for _, x := range e.Cases {
				o := d.Terms.Try(x)
				for _, w := range o.Wrong {
					t.Errorf("%s: %s is %s, want %s", x.Name.ZH, w.Of, w.Got, w.Want)
				}
				if x.Name.EN == "" || x.Asked == 0 && x.Expect.Voucher == nil {
					t.Errorf("%s: a case has an English name and says what the voucher pays", x.Name.ZH)
				}
			}
		})
	}
}

// A case that does not hold says what came out otherwise.
func TestTryTellsTheDifference(t *testing.T) {
	wrong := func(of string) func(Difference) bool {
		return func(d Difference) bool { return d.Of == of && d.Got != d.Want }
	}
	terms := yuhuan()
	o := terms.Try(Trial{Price: 8_000 * yuan, Expect: Expected{Voucher: fen(1), Why: "left", Rate: "x", Reward: fen(1), Shares: []Part{{Amount: 1}}}})
	for _, of := range []string{"voucher", "why", "rate", "reward", "shares"} {
		if !slices.ContainsFunc(o.Wrong, wrong(of)) {
			t.Errorf("%s is not told: %+v", of, o.Wrong)
		}
	}
	o = terms.Try(Trial{Asked: yuan, Expect: Expected{Room: fen(1), Refused: "x"}})
	if !slices.ContainsFunc(o.Wrong, wrong("room")) || !slices.ContainsFunc(o.Wrong, wrong("refused")) {
		t.Errorf("got %+v", o.Wrong)
	}
}

func FuzzParseExample(f *testing.F) {
	text, err := exampleFiles.ReadFile("examples/yuhuan-2023.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(strings.Replace(string(text), `"price": 800000`, `"price": -1`, 1))
	f.Add(`{"code":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseExample([]byte(text))
		if err != nil {
			return
		}
		for _, x := range e.Cases {
			if o := e.Programme.Terms.Try(x); o.Quote.Voucher < 0 || o.Quote.Voucher > max(x.Price, 0) {
				t.Fatalf("%+v came to %d", x, o.Quote.Voucher)
			}
		}
	})
}

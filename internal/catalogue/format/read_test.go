package format

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLaTeX(t *testing.T) {
	for in, want := range map[string]string{
		`Schr{\"o}dinger`: "Schrödinger", `\"{O}st {\'\i} \v{c}\c c \H{o} \r a \~n`: "Öst í čç ő å ñ", `{\ss}{\AE}\O{} \L\'od\'z`: "ßÆØ Łódź", `a \& b \% \$ \# \_ \{x\}`: "a & b % $ # _ {x}", "1--2 --- ``x'' ~y": "1–2 — “x” y",
		`\emph{word} \textbf{b}~c`: "word b c", `\href{https://x}{text}`: "text", `$\alpha$-Fe`: "α-Fe", `\`: "", `\'`: "", `\'{`: "", `{{{`: "", "中文": "中文",
	} {
		if got := LaTeX(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
	if got := Verbatim(`\url{https://a.example/x\_y%20~z}`); got != "https://a.example/x_y%20~z" {
		t.Error(got)
	}
	for in, want := range map[string][]string{
		"Li, Si and {Acme, Inc.} AND van der Berg, Jr, Jan and others": {"Si Li", "Acme Inc.", "Jan van der Berg Jr"}, "张三 and 李, 四": {"张三", "李四"}, "": nil, "Anderson": {"Anderson"},
	} {
		if got := Names(in); !slices.Equal(got, want) {
			t.Errorf("%s: %q", in, got)
		}
	}
}

func entries(t testing.TB, next func() (Entry, error)) []Entry {
	t.Helper()
	var out []Entry
	for {
		e, err := next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
}

// What stands in bibliographies in the wild is read, and a bad entry spoils no other.
func TestBibTeXOddities(t *testing.T) {
	for in, want := range map[string]string{
		"@article{k, title={a {b} c}, year=2020}":                              "article k title=a {b} c|year=2020",
		"@ARTICLE (k, title=\"a \"\" b}\", x={(})":                             "article k title=a |x=(",
		"@article{title={no key}}":                                             "article  title=no key",
		"@article{k title={no comma}}":                                         "article k title=no comma",
		"@article{k, title={a} year={b},, , note = jan # \"~\" # {c} # zz,}":   "article k title=a|year=b|note=01~czz",
		"@string{x = {y}} @misc{k, a = X # x}":                                 "misc k a=yy",
		"%@article{c,}\nmail a@b.example\n@misc{k,a={\\{}}":                    "article! c ;misc k a=\\{",
		"@article{a, t={x},\n  @book{b, t={y}}":                                "article! a t=x;book b t=y",
		"@book{a, t={" + strings.Repeat("x", maxEntry) + "}}\n@book{b, t={y}}": "book! a ;book b t=y",
		"@comment{@misc{x}} @preamble{\"x\"}":                                  "",
		"":                                                                     "", "@": "", "@x": "", "@x{": "x!  ", "@@x{k,a=1}": "x k a=1",
	} {
		var got []string
		for _, e := range entries(t, NewBibTeX(strings.NewReader(in)).Next) {
			mark, tags := "", []string{}
			if e.Broken != "" {
				mark = "!"
			}
			for _, tag := range e.Tags {
				if e.Broken != BrokenLong {
					tags = append(tags, tag.Name+"="+tag.Text)
				}
			}
			got = append(got, strings.TrimRight(e.Type+mark+" "+e.Key+" "+strings.Join(tags, "|"), ""))
		}
		if all := strings.Join(got, ";"); all != want {
			t.Errorf("%.60s:\n got %q\nwant %q", in, all, want)
		}
	}
}

func TestRISOddities(t *testing.T) {
	for in, want := range map[string]string{
		"TY  - JOUR\r\nTI  - a\r\n b\r\nER  - \r\n":     "JOUR TI=a\nb",
		"TY - JOUR\rTI - a\rER -":                       "JOUR TI=a",
		"TY  - JOUR\nTI  - a\nTY  - BOOK\nTI  - b":      "JOUR TI=a;BOOK TI=b",
		"TI  - a\nER  - \nER  - \nTY  -DATA\nT1  - b\n": "! TI=a;DATA T1=b",
		"TY  - GEN\nA1-B is text\nX  - no\nER  - ":      "GEN! ", "\n\n": "",
	} {
		var got []string
		for _, e := range entries(t, NewRIS(strings.NewReader(in)).Next) {
			mark, tags := "", []string{}
			if e.Broken != "" {
				mark = "!"
			}
			for _, tag := range e.Tags {
				tags = append(tags, tag.Name+"="+tag.Text)
			}
			got = append(got, e.Type+mark+" "+strings.Join(tags, "|"))
		}
		if all := strings.Join(got, ";"); all != want {
			t.Errorf("%q:\n got %q\nwant %q", in, all, want)
		}
	}
}

// What is written comes back.
func TestCitationsComeBack(t *testing.T) {
	r := Record{ID: "p1", Kind: kind(t, "literature"), NameZH: `论{文}_100% $x$`, Owner: Owner{NameZH: "甲"}, Fields: map[string]any{"authors": []string{"张三", "Li Si"}, "identifier": "https://doi.org/10.1/x_y", "published": "2020-02-03"}}
	b := entries(t, NewBibTeX(strings.NewReader(BibTeX(r))).Next)
	if len(b) != 1 || b[0].Broken != "" || LaTeX(b[0].First("title")) != r.NameZH || !slices.Equal(Names(b[0].First("author")), r.List("authors")) {
		t.Errorf("%+v", b)
	}
	if e := entries(t, NewRIS(strings.NewReader(RIS(r))).Next); len(e) != 1 || e[0].First("TI") != r.NameZH || len(e[0].All("AU")) != 2 {
		t.Errorf("%+v", e)
	}
}

func FuzzCitations(f *testing.F) {
	f.Add("@article{k, title={a {b} \\'{e}}, author=\"A, B and C\", m = jan # x}\n@book{b,")
	f.Add("TY  - JOUR\r\nTI  - a\r\nER  - ")
	f.Fuzz(func(t *testing.T, text string) {
		for _, next := range []func() (Entry, error){NewBibTeX(strings.NewReader(text)).Next, NewRIS(strings.NewReader(text)).Next} {
			for i, e := range entries(t, next) {
				if e.Number != i+1 || e.Broken == "" && len(e.Tags) == 0 {
					t.Fatalf("%+v", e)
				}
			}
		}
		for _, s := range append(Names(text), LaTeX(text), Verbatim(text), PersonName(text)) {
			if utf8.ValidString(text) && !utf8.ValidString(s) {
				t.Fatalf("%q", s)
			}
		}
	})
}

func FuzzPidinstXML(f *testing.F) {
	f.Add(PidinstOf(microscope(f)).XML(PidinstNamespace, "x"))
	f.Add(`<?x?><a><!-- --- --><p:instrument a="<>"><p:name>x</p:name></p:instrument><instrument/><instrument><instrument>`)
	f.Fuzz(func(t *testing.T, text string) {
		r := NewPidinst(strings.NewReader(text))
		for n := 1; ; n++ {
			rec, err := r.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) && !errors.Is(err, ErrEntities) {
					t.Fatal(err)
				}
				return
			}
			if rec.Number != n {
				t.Fatal(rec)
			}
		}
	})
}

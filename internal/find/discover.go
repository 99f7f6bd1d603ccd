package find

import (
	"cmp"
	"context"
	_ "embed" // the dated thresholds
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/identity/names"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/id"
	"qiao/internal/platform/textindex/fold"
)

//go:embed rules.json
var ruleData []byte

// Threshold is from when on an abbreviation is proposed, in force from a civil day.
type Threshold struct {
	From    string `json:"from"`
	Records int    `json:"records"` // as many records write the two together
	Owners  int    `json:"owners"`  // of as many owners
	Share   int    `json:"share"`   // hundredths of all records that explain the abbreviation
	Source  string `json:"source"`
}

func thresholdOn(day string) (Threshold, error) {
	var data struct {
		Discover []Threshold `json:"discover"`
	}
	if err := json.Unmarshal(ruleData, &data); err != nil {
		return Threshold{}, fmt.Errorf("read the rules of synonyms: %w", err)
	}
	var best Threshold
	for _, x := range data.Discover {
		if x.From <= day && x.From >= best.From {
			best = x
		}
	}
	return best, nil
}

// Discover proposes synonyms that the catalogue itself writes side by side (扫描电子显微镜（SEM）, or a model SEM-5000X of
// something whose English name begins with these letters), and spellings that only sound like what is found. A person
// approves them, in the queue where all synonyms wait.
func (s *Service) Discover(ctx context.Context) error {
	least, err := thresholdOn(s.today())
	if err != nil {
		return err
	}
	seen := sightings{}
	_, err = s.Catalogue.Each(ctx, catalogue.Query{}, catalogue.Everything, func(list []format.Record) error {
		for _, r := range list {
			seen.read(r.NameZH+"\n"+r.Summary, r.Owner.ID)
			seen.model(r.NameZH, r.NameEN, r.Model, r.Owner.ID)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the catalogue for synonyms: %w", err)
	}
	since, err := clock.AddDays(s.today(), -90)
	if err != nil {
		return fmt.Errorf("the first day of the log: %w", err)
	}
	entries, err := listEntries(ctx, s.DB, since)
	if err != nil {
		return err
	}
	return s.proposeFound(ctx, append(seen.groups(least), sounding(entries)...))
}

// found is a group of words with what speaks for it.
type found struct {
	words  []string
	oneWay bool
	note   string
}

// proposeFound writes the groups that no group says already, whatever was decided about it.
func (s *Service) proposeFound(ctx context.Context, groups []found) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		known, err := listSynonyms(ctx, tx, &db.Where{})
		if err != nil {
			return err
		}
		for _, g := range groups {
			if slices.ContainsFunc(known, func(x Synonym) bool { return says(x.List(), g.words) }) {
				continue
			}
			words := strings.Join(g.words, "\n")
			x := Synonym{ID: id.From("find.synonym", "found", words), Words: words, OneWay: g.oneWay, State: StateProposed, Source: SourceFound, Note: g.note, At: db.At(s.Clock.Now())}
			fresh, err := insertSynonym(ctx, tx, x)
			if err == nil && fresh {
				err = audit.Record(ctx, tx, x.At.Time, audit.Entry{Action: "find.curate", Kind: "synonym", ID: x.ID, To: x.State, Data: x.Words})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// says tells whether a group has all the words, however they are written.
func says(group, words []string) bool {
	have := map[string]bool{}
	for _, w := range group {
		have[plainWord(w)] = true
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !have[plainWord(w)] })
}

func plainWord(w string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(fold.Text(w))
}

// sounding finds searches without a result that sound like one with results: 扫苗电镜 or smdj for 扫描电镜. The index mends most
// of these by itself; what is left is proposed one way.
func sounding(entries []Entry) []found {
	type said struct{ text, whole, first string }
	var good []said
	for _, e := range entries {
		if whole, first := names.Pinyin(e.Text); e.Nothing < e.Asked && whole != "" {
			good = append(good, said{e.Text, whole, first})
		}
	}
	var out []found
	for _, e := range entries {
		if e.Text == "" || e.Nothing == 0 || e.Nothing < e.Asked || len([]rune(e.Text)) < 2 {
			continue
		}
		sound, _ := names.Pinyin(e.Text)
		letters := strings.ReplaceAll(e.Text, " ", "")
		var hits []string
		for _, g := range good {
			if sound == g.whole || sound == "" && (letters == g.whole || letters == g.first && len(letters) > 2) {
				hits = append(hits, g.text)
			}
		}
		if len(hits) == 1 { // what may mean several things means none for sure
			out = append(out, found{words: []string{e.Text, hits[0]}, oneWay: true, note: fmt.Sprintf("%s ×%d", cmp.Or(sound, letters), e.Asked)})
		}
	}
	return out
}

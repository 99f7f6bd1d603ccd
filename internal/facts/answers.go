package facts

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/rule"
)

// Shown is one fact behind an answer, with its evidence.
type Shown struct {
	Fact  string // as conditions name it
	Name  rule.Name
	Year  string
	Entry Entry  // its value, day, source and file; zero: not known, or not from the file
	Other string // what it is, where it does not come from the file: a region, lists
	key   Key
}

// Answers is what conditions came to, with the facts behind each.
type Answers struct {
	rule.Result
	Org     string
	Behind  map[string]Shown // by the name of the fact
	Sources map[string]rule.Source
}

// Compile checks conditions against the facts there are; a fault names each that is wrong.
func (s *Service) Compile(conditions []rule.Condition) error {
	_, err := s.set(conditions)
	return err
}

// set compiles conditions once.
func (s *Service) set(conditions []rule.Condition) (*rule.Set, error) {
	text, err := json.Marshal(conditions)
	if err != nil {
		return nil, fmt.Errorf("read conditions: %w", err)
	}
	keys := dated.On(s.keys, s.today())
	digest := sha256.Sum256(append(text, keys.From...))
	if had, ok := s.compiled.Load(digest); ok {
		if set, ok := had.(*rule.Set); ok {
			return set, nil
		}
	}
	words, err := keys.vocabulary()
	if err != nil {
		return nil, err
	}
	set, err := words.Compile(conditions)
	if err == nil {
		s.compiled.Store(digest, set)
	}
	return set, err
}

// Answers answers conditions for an organisation on a civil day from its file, its region and the lists it stands on.
func (s *Service) Answers(ctx context.Context, q db.Q, org, day string, conditions []rule.Condition) (Answers, error) {
	out := Answers{Org: org, Behind: map[string]Shown{}}
	set, err := s.set(conditions)
	if err != nil {
		return out, err
	}
	entries, err := entriesOf(ctx, q, org)
	if err != nil {
		return out, err
	}
	file, keys, names := Current(entries), dated.On(s.keys, day), set.Facts()
	values := file.values(keys, names, day)
	for _, name := range names {
		if e, key, ok := file.at(keys, name, day); ok || key.Code != "" {
			out.Behind[name] = Shown{Fact: name, Name: key.Name, Year: yearOf(key, keys, name, day), Entry: e, key: key}
		}
	}
	if err := s.beside(ctx, q, org, day, names, values, out.Behind); err != nil {
		return out, err
	}
	out.Result = set.Evaluate(day, values)
	return out, nil
}

func yearOf(key Key, keys Keys, name, day string) string {
	if key.Per != perYear {
		return ""
	}
	_, back, _ := keys.of(name)
	if y := years(day, back+1); len(y) > back {
		return y[back]
	}
	return ""
}

// beside adds the facts that do not come from the file: the home region and the lists.
func (s *Service) beside(ctx context.Context, q db.Q, org, day string, names []string, values rule.Values, behind map[string]Shown) error {
	if slices.Contains(names, FactRegion) {
		o, err := s.Organisations.Organisation(ctx, q, org)
		if err != nil {
			return err
		}
		values[FactRegion] = o.Region
		behind[FactRegion] = Shown{Fact: FactRegion, Name: rule.Name{ZH: "所在地区", EN: "Region"}, Other: s.Organisations.RegionName(ctx, o.Region)} //i18n:data names of facts in both languages
	}
	if slices.Contains(names, FactRosters) {
		var codes, said []string
		if s.Standing != nil {
			list, err := s.Standing(ctx, q, org, day)
			if err != nil {
				return fmt.Errorf("read the lists of %s: %w", org, err)
			}
			for _, on := range list {
				codes = append(codes, on.Code)
				said = append(said, strings.TrimSpace(rule.Name{ZH: on.NameZH, EN: on.NameEN}.In(ctx)+" "+on.Number))
			}
		}
		values[FactRosters] = append([]string{}, codes...)
		behind[FactRosters] = Shown{Fact: FactRosters, Name: rule.Name{ZH: "所在名单", EN: "Lists it stands on"}, Other: strings.Join(said, "; ")} //i18n:data names of facts in both languages
	}
	return nil
}

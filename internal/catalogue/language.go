package catalogue

import (
	"context"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/textindex"
)

// Synonyms are the names of techniques that the catalogue knows from the start (kinds.Terms), and the words of
// Taiwan and Hong Kong for what the mainland calls otherwise.
func Synonyms() []textindex.Synonym {
	var out []textindex.Synonym
	for _, words := range kinds.Terms() {
		out = append(out, textindex.Synonym{Words: words})
	}
	for _, words := range kinds.Abroad() {
		out = append(out, textindex.Synonym{Words: words, OneWay: true})
	}
	return out
}

// texts reads again what the index was fed of some records, so that a phrase is found only where it stands.
func (s *Service) texts(ctx context.Context, ids []string) (map[string]string, error) {
	out := make(map[string]string, len(ids))
	for from := 0; from < len(ids); from += chunk {
		docs, err := s.documents(ctx, s.DB, ids[from:min(from+chunk, len(ids))])
		if err != nil {
			return nil, err
		}
		for id, d := range docs {
			out[id] = d.Title + "\n" + d.Text
		}
	}
	return out, nil
}

// titled is a name with the model's number, unless the name says it: whoever types the number wants this one first.
func titled(name, model string) string {
	name, model = strings.TrimSpace(name), strings.TrimSpace(model)
	if model == "" || strings.Contains(strings.ToLower(name), strings.ToLower(model)) {
		return name
	}
	return strings.TrimSpace(name + " " + model)
}

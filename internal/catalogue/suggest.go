package catalogue

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// mostSuggestions is how many suggestions stand under the field.
const mostSuggestions = 8

// Suggestions complete what someone types.
func (s *Service) Suggestions(ctx context.Context, text string) ([]textindex.Suggestion, error) {
	if text = strings.TrimSpace(cut(text, 60)); text == "" {
		return nil, nil
	}
	list, err := s.Index.Suggest(ctx, textindex.SuggestRequest{Text: text, Limit: mostSuggestions})
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	return list, nil
}

// showSuggestions answers the search field while one types.
func (s *Service) showSuggestions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := s.Suggestions(ctx, r.URL.Query().Get("q"))
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(list))
	for _, x := range list {
		if x.ID != "" {
			ids = append(ids, x.ID)
		}
	}
	items := map[string]Item{}
	if len(ids) > 0 {
		hits := make([]textindex.Hit, len(ids))
		for i, x := range ids {
			hits[i].ID = x
		}
		found, err := s.items(ctx, hits)
		if err != nil {
			return err
		}
		for _, it := range found {
			items[it.ID] = it
		}
	}
	out := make([]ui.Suggestion, 0, len(list))
	for _, x := range list {
		out = append(out, s.suggestion(ctx, x, items[x.ID]))
	}
	return web.Page(w, r, http.StatusOK, ui.Suggestions(out))
}

// suggestion is a word to search for, or the one thing of that name to go to.
func (s *Service) suggestion(ctx context.Context, x textindex.Suggestion, it Item) ui.Suggestion {
	out := ui.Suggestion{Text: x.Text}
	if x.Count > 1 {
		out.Note = t(ctx, "{0} 项", x.Count)
	}
	if it.ID == "" {
		return out
	}
	zh, en := s.kindNames(it.Kind)
	out.Note = joined(" · ", i18n.Pick(ctx, zh, en), i18n.Pick(ctx, it.Organisation.NameZH, it.Organisation.NameEN))
	out.Icon, _ = look(it.Kind)
	out.Href = "/resources/" + it.ID
	if it.Kind == KindInstitution {
		out.Href, out.Note = "/organisations/"+it.ID, i18n.Pick(ctx, zh, en)
	}
	return out
}

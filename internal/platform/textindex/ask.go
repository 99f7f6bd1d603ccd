package textindex

import "context"

// Search answers a request. It fails when the dictionary cannot be loaded, a column to sort by does not exist
// in any document, or Request.Verify fails.
//
// When a part of the query stands in no document and a correction of it finds more (pinyin, a slip of the
// keyboard, a wrong character of the same sound), the answer is that of the corrected query and
// Result.Instead says so. A query all of whose words stand in the index is never changed.
func (e *Engine) Search(ctx context.Context, r Request) (Result, error) {
	out, err := e.answer(ctx, r.Query, r)
	if err != nil || r.AsTyped || r.Prose || e.options.Plain || r.Query == "" {
		return out, err
	}
	better := e.correct(r.Query, out.Total == 0)
	if better == "" {
		return out, nil
	}
	other, err := e.answer(ctx, better, r)
	if err != nil || other.Total == 0 || out.Total > 0 && !e.anyWithAll(better) {
		return out, err
	}
	other.Instead = better
	return other, nil
}

func (e *Engine) answer(ctx context.Context, text string, r Request) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	q, err := e.understand(text, r.Prose)
	if err != nil {
		return Result{}, err
	}
	firm, err := e.verify(ctx, q, r)
	if err != nil {
		return Result{}, err
	}
	out, err := e.search(q, r)
	out.Loose = !firm
	return out, err
}

// understand takes a query apart with its marks and its synonyms.
func (e *Engine) understand(text string, prose bool) (*query, error) {
	marks, syn := asked{plain: text}, (*synonyms)(nil)
	if !prose {
		marks, syn = readMarks(text), e.synonyms.Load()
	}
	q, err := e.analyser.parseWith(marks.plain, syn)
	if err != nil {
		return nil, err
	}
	if !e.options.Whole {
		q.leaveOut(e.analyser)
	}
	for _, s := range marks.phrases {
		p, err := e.analyser.parse(s)
		if err != nil {
			return nil, err
		}
		q.phrases = append(q.phrases, p)
	}
	for _, s := range marks.without {
		p, err := e.analyser.parse(s)
		if err != nil {
			return nil, err
		}
		q.without = append(q.without, p)
	}
	return q, nil
}

// modelBoost is the weight of a model's number in a title, beside Options.Titles: the instrument of that
// model comes before all that mention it.
const modelBoost = 3

// models returns the numbers of models in the text at hand: runs with letters and digits, joiners left out,
// and such runs made of neighbours that only a space keeps apart (SEM 5000X).
func models(sc *scratch) []queryTerm {
	var out []queryTerm
	var runs [][2]int
	for i := 0; i < len(sc.runes); {
		switch sortOf(sc.runes[i]) {
		case sortLetter, sortDigit:
			end := latinEnd(sc.runes, i)
			runs = append(runs, [2]int{i, end})
			i = end
		default:
			i++
		}
	}
	seen := map[string]bool{}
	for i := range runs {
		for j := i; j < min(i+3, len(runs)); j++ {
			if j > i && (runs[j][0] != runs[j-1][1]+1 || sc.runes[runs[j-1][1]] != ' ') {
				break
			}
			if term := modelOf(sc.runes[runs[i][0]:runs[j][1]]); digitsIn(term) >= modelDigits && !seen[term] {
				seen[term] = true
				out = append(out, queryTerm{term: term, freq: 1})
			}
		}
	}
	return out
}

// modelDigits tells the number of a model (SEM-5000X) from a formula or an abbreviation (CO2, H2O2).
const modelDigits = 3

// modelOf joins a run with letters and digits; it is empty for anything else.
func modelOf(run []rune) string {
	letters, digits := false, false
	var out []rune
	for _, r := range run {
		switch sortOf(r) {
		case sortLetter:
			letters = true
		case sortDigit:
			digits = true
		default:
			if r != '.' {
				continue
			}
		}
		out = append(out, r)
	}
	if !letters || !digits {
		return ""
	}
	return string(out)
}

func digitsIn(s string) int {
	n := 0
	for _, r := range s {
		if sortOf(r) == sortDigit {
			n++
		}
	}
	return n
}

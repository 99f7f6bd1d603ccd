package textindex

// Terms are the terms of a text in the fields of the index, one per occurrence: what another engine has to be fed to
// index and find the same.
type Terms struct{ Words, Pairs []string }

// Terms takes a text apart as the index does.
func (a *Analyser) Terms(text string) (Terms, error) {
	var out Terms
	err := a.with(func(sc *scratch) error {
		return a.analyse(text, sc, func(t token) {
			if t.kind&kindWord != 0 {
				out.Words = append(out.Words, string(t.term))
			}
			if t.kind&kindPair != 0 {
				out.Pairs = append(out.Pairs, string(t.term))
			}
		})
	})
	return out, err
}

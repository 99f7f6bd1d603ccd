// Package textindex is a full-text index in memory for Chinese and English records: exact BM25 over
// dictionary words, character pairs and title words, with facets, filters and sort columns.
//
// An Analyser turns text into terms; it is made once and shared. An Engine holds the index: one writer
// (Apply), many readers (Search). The database stays the truth: an Engine can always be built anew from
// it, and Save and Load keep a snapshot with the position of the change feed it stands at.
//
//	a := textindex.NewAnalyser()
//	e := textindex.New(a, textindex.Options{})
//	err := e.Apply(textindex.Batch{Put: []textindex.Document{{ID: "1", Title: "扫描电镜 SEM-5000X"}}})
//	r, err := e.Search(textindex.Request{Query: "电镜", Limit: 20, Facets: []string{"kind"}})
//
// Ranking: score = BM25(words) + Options.Pairs·BM25(pairs) + Options.Titles·BM25(title words), by one Law for
// queries mostly of Chinese and another for those mostly of letters; title and text are one field, so a title
// counts where it stands and once more on its own. Words that say nothing are left out of a query that has
// enough others. Every figure that enters a score (documents, document frequencies, lengths) counts live
// documents only, so that an index with deletions ranks exactly as one built anew.
//
// A search goes through windows of 2,048 documents. Lists can be leapt through (skip), and those of frequent terms
// are kept as bits too once asked for (more), so that what cannot come among the best is counted but not scored.
package textindex

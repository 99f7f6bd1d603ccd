package expert

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/db"
)

// barPerson keeps hashes of what a later import would know the person by: their ORCID, their name at their institution
// and at the owner of the record, and the record's number at its source.
func (s *Service) barPerson(ctx context.Context, tx *db.Tx, r catalogue.Resource, p Profile, why string) error {
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return fmt.Errorf("make the key of the hashes: %w", err)
	}
	secret, err := makeSecret(ctx, tx, hex.EncodeToString(fresh))
	if err != nil {
		return err
	}
	person := catalogue.PersonOf(r)
	if p.ORCID != "" {
		person.ORCID = p.ORCID
	}
	names := []string{r.NameZH, r.NameEN}
	orcid := ""
	var rows []barredRow
	for _, name := range names {
		person.Name = name
		for _, mark := range marks(person) {
			row := barredRow{Digest: digest(secret, mark), Resource: r.ID}
			if strings.HasPrefix(mark, "orcid:") {
				orcid = row.Digest
			}
			if !slices.ContainsFunc(rows, func(o barredRow) bool { return o.Digest == row.Digest }) {
				rows = append(rows, row)
			}
		}
	}
	for i := range rows {
		rows[i].ORCID = orcid
	}
	return insertBarred(ctx, tx, rows, why, s.today())
}

// marks are what a record of a person is known by.
func marks(p catalogue.Person) []string {
	var out []string
	if orcid := (catalogue.Identifier{Scheme: "orcid", Value: p.ORCID}).Normal().Value; orcid != "" {
		out = append(out, "orcid:"+orcid)
	}
	name := kinds.Fold(p.Name)
	if name != "" && p.Org != "" {
		out = append(out, "owner:"+p.Org+"|"+name)
	}
	if institution := kinds.Fold(p.Institution); name != "" && institution != "" {
		out = append(out, "institution:"+institution+"|"+name)
	}
	if p.Source != "" && p.SourceID != "" && !strings.HasPrefix(p.SourceID, "~") {
		out = append(out, "source:"+p.Source+"|"+p.SourceID)
	}
	return out
}

func digest(secret, mark string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(mark))
	return hex.EncodeToString(h.Sum(nil))
}

// Bar implements catalogue.Bar: it tells which people have said that they want no record. A namesake at the same
// institution may come in with an ORCID that is another one.
func (s *Service) Bar(ctx context.Context, q db.Q, people []catalogue.Person) ([]bool, error) {
	out := make([]bool, len(people))
	secret, err := secretOf(ctx, q)
	if err != nil || secret == "" {
		return out, err
	}
	at := map[string][]int{}
	orcids := make([]string, len(people))
	var digests []string
	for i, p := range people {
		for _, mark := range marks(p) {
			d := digest(secret, mark)
			if strings.HasPrefix(mark, "orcid:") {
				orcids[i] = d
			}
			at[d] = append(at[d], i)
			digests = append(digests, d)
		}
	}
	for part := range slices.Chunk(digests, 500) {
		var w db.Where
		w.In("digest", part)
		rows, err := db.All[barredRow](ctx, q, `SELECT digest, resource, orcid FROM expert_barred`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, fmt.Errorf("look for %d people who want no record: %w", len(people), err)
		}
		for _, r := range rows {
			for _, i := range at[r.Digest] {
				namesake := orcids[i] != "" && r.ORCID != "" && orcids[i] != r.ORCID
				out[i] = out[i] || !namesake
			}
		}
	}
	return out, nil
}

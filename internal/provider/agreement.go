package provider

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"qiao/internal/platform/db"
)

// agreementText is the agreement as both sides accept it: parties, term, text. Its hash is what is kept.
func (s *Service) agreementText(ctx context.Context, q db.Q, m Membership) ([]byte, error) {
	a, ok := s.rules.version(m.Agreement)
	if !ok {
		return nil, fmt.Errorf("agreement version %q of membership %s is not known", m.Agreement, m.ID)
	}
	orgs, err := s.orgs.Organisations(ctx, q, []string{m.Org, m.OfferedBy})
	if err != nil {
		return nil, fmt.Errorf("name the parties of membership %s: %w", m.ID, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "加盟协议 %s（%s）\n甲方：%s\n乙方：%s %s\n期限：%s 至 %s\n\n%s\n\n%s\n", //i18n:data the text of the agreement is what was accepted, in both languages
		m.Number, a.Version, orgs[m.OfferedBy].NameZH, orgs[m.Org].NameZH, orgs[m.Org].USCC, m.From, m.To, a.Text.ZH, a.Text.EN)
	return b.Bytes(), nil
}

func sum(text []byte) string {
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:])
}

// keepText stores the agreement's text as a file before it is signed; a text stored and not signed harms nobody.
func (s *Service) keepText(ctx context.Context, membership, verb, _ string) error {
	if verb != "sign" {
		return nil
	}
	m, err := getMembership(ctx, s.db, membership)
	if err != nil || m.State != Offered {
		return err
	}
	text, err := s.agreementText(ctx, s.db, m)
	if err != nil {
		return err
	}
	if _, err := s.files.Put(ctx, bytes.NewReader(text), maxDocument); err != nil {
		return fmt.Errorf("keep the agreement of %s: %w", membership, err)
	}
	return nil
}

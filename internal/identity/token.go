package identity

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// tokenHead begins each API token, so that people and secret scanners see what it is.
const tokenHead = "qiao_"

// The life of an API token, in days.
const (
	DefaultTokenDays = 90
	MaxTokenDays     = 366
)

// IssueToken makes an API token for the subject, acting as its membership of now. The secret is returned once and kept
// nowhere; days is how long it lives (1 … MaxTokenDays). It may do what is marked step-up when it is issued at the machine
// itself (qiao token), where there is no session; a session asks for that by IssueMoneyToken.
func (s *Service) IssueToken(ctx context.Context, sub Subject, name string, days int) (secret string, t Token, err error) {
	return s.issueToken(ctx, sub, name, days, sub.Session == "" && sub.Token == "")
}

// IssueMoneyToken is IssueToken for a program that moves money: the password must have been given a moment ago.
func (s *Service) IssueMoneyToken(ctx context.Context, sub Subject, name string, days int) (secret string, t Token, err error) {
	if err := sub.Fresh(); err != nil {
		return "", t, err
	}
	return s.issueToken(ctx, sub, name, days, true)
}

func (s *Service) issueToken(ctx context.Context, sub Subject, name string, days int, moves bool) (secret string, t Token, err error) {
	name = strings.TrimSpace(name)
	bad := fault.New(fault.Invalid, "token-invalid", "有几项需要改一下。")
	if n := utf8.RuneCountInString(name); n == 0 || n > 60 {
		bad.Field("token_name", "name-length", "请给令牌起个名字，说明用在哪里，最多 {0} 个字。", 60)
	}
	if days < 1 || days > MaxTokenDays {
		bad.Field("days", "days-range", "有效期为 1 至 {0} 天。", MaxTokenDays)
	}
	if len(bad.Fields) > 0 {
		return "", t, bad
	}
	secret, _, err = newSecret()
	if err != nil {
		return "", t, err
	}
	secret = tokenHead + secret
	now := s.clock.Now()
	t = Token{
		ID: id.New(), Person: sub.Person, Membership: sub.Membership, Name: name,
		CreatedAt: db.At(now), ExpiresAt: db.At(now.Add(time.Duration(days) * 24 * time.Hour)), Money: moves,
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertToken(ctx, tx, hashSecret(secret), t); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "token.issue", Kind: "token", ID: t.ID})
	})
	if err != nil {
		return "", Token{}, err
	}
	return secret, t, nil
}

// RevokeToken ends a token of the person at once.
func (s *Service) RevokeToken(ctx context.Context, sub Subject, token string) error {
	now := s.clock.Now()
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := revokeToken(ctx, tx, sub.Person, token, db.At(now))
		if err != nil {
			return fmt.Errorf("revoke token %s: %w", token, err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "token-not-found", "没有这个令牌，或它已经撤销。")
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "token.revoke", Kind: "token", ID: token})
	})
}

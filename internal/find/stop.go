package find

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

// StopLink is the path under which whoever was told of a search ends its alert, without signing in. Opening it shows a
// question, and only the answer ends the alert: mail programs open every link they see.
func (s *Service) StopLink(ctx context.Context, tx *db.Tx, search string) (string, error) {
	secret, err := s.secret(ctx, tx)
	return "/alerts/" + search + "." + sign(secret, search), err
}

// secret is the key of the links, made when the first one is.
func (s *Service) secret(ctx context.Context, tx *db.Tx) (string, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails (crypto/rand since Go 1.24)
	if err := insertKey(ctx, tx, hex.EncodeToString(fresh)); err != nil {
		return "", err
	}
	return getKey(ctx, tx)
}

func sign(secret, search string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("stop\x00" + search))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// stopped reads a link's token and finds its search.
func (s *Service) stopped(ctx context.Context, q db.Q, token string) (Saved, error) {
	search, mark, _ := strings.Cut(token, ".")
	secret, err := getKey(ctx, q)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return Saved{}, err
	}
	if err != nil || len(token) > 200 || !hmac.Equal([]byte(sign(secret, search)), []byte(mark)) {
		return Saved{}, fault.New(fault.NotFound, "no-such-alert", "这个链接不完整或不是本平台发出的。请从消息里重新打开，或登录后在“保存的检索”中停止提醒。")
	}
	var w db.Where
	w.And("id = ?", search)
	found, err := listSearches(ctx, q, &w, "")
	if err != nil {
		return Saved{}, err
	}
	if len(found) == 0 { // it was deleted, and its alert with it
		return Saved{ID: search, Alert: AlertNone}, nil
	}
	return found[0], nil
}

// Stop ends the alert that a link belongs to. The same again changes nothing.
func (s *Service) Stop(ctx context.Context, token string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := s.stopped(ctx, tx, token)
		if err != nil || x.Alert == AlertNone {
			return err
		}
		before := x.Alert
		x.Alert = AlertNone
		if err := updateSearch(ctx, tx, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "find.stop", Kind: "search", ID: x.ID, From: before, To: x.Alert})
	})
}

func (s *Service) showStop(w http.ResponseWriter, r *http.Request) error {
	x, err := s.stopped(r.Context(), s.DB, r.PathValue("token"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	return web.Page(w, r, http.StatusOK, stopPage(x, r.PathValue("token")))
}

func (s *Service) submitStop(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	if err := s.Stop(r.Context(), token); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/alerts/"+token, "提醒已停止。")
}

func insertKey(ctx context.Context, tx *db.Tx, secret string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO find_key (id, secret) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, secret); err != nil {
		return fmt.Errorf("keep the key of links: %w", err)
	}
	return nil
}

func getKey(ctx context.Context, q db.Q) (string, error) {
	out, err := db.One[string](ctx, q, `SELECT secret FROM find_key WHERE id = 1`)
	if err != nil {
		return "", fmt.Errorf("read the key of links: %w", err)
	}
	return out, nil
}

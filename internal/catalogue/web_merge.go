package catalogue

import (
	"context"
	"net/http"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// moved leads from the address of a merged record to the record it became part of. The answer is not to be kept: the
// merge may be undone.
func moved(w http.ResponseWriter, r *http.Request, into string, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/resources/"+into+"?merged=1", http.StatusMovedPermanently)
	return nil
}

// goneOrMerged tells a program where a merged record has gone.
func (s *Service) goneOrMerged(ctx context.Context, q db.Q, resource string, gone error) error {
	if !fault.Is(gone, "resource-gone") {
		return gone
	}
	into, err := s.MergedInto(ctx, q, resource)
	if err != nil || into == "" {
		return gone
	}
	return fault.New(fault.Gone, "resource-merged", "这条记录已合并到另一条，请改用 {0}。", s.Address+"/api/v1/resources/"+into)
}

// unmerged refuses to revive a record that was merged: its merge is to be undone.
func (s *Service) unmerged(ctx context.Context, q db.Q, resource string) error {
	into, err := s.MergedInto(ctx, q, resource)
	if err == nil && into != "" {
		err = fault.New(fault.Conflict, "resource-merged", "这条记录已合并到另一条，请改用 {0}。", s.Address+"/resources/"+into)
	}
	return err
}

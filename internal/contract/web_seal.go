package contract

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/seal"
	"qiao/internal/platform/web"
)

// read is the newest version of an order's contract, for who may see it.
func (s *Service) read(r *http.Request) (Facts, Contract, []Signature, error) {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	facts, err := s.Facts(ctx, by, r.PathValue("id"))
	if err == nil {
		err = s.Policy.Can(by, "contract.view", object(facts.Buyer, facts.Provider, facts.Region))
	}
	if err != nil {
		return facts, Contract{}, nil, err
	}
	c, signed, there, err := s.Latest(ctx, s.DB, facts.Order)
	if err == nil && !there {
		err = fault.New(fault.NotFound, "no-contract", "这个订单还没有合同文本。")
	}
	return facts, c, signed, err
}

// headers are those of a file that goes to both sides only.
func headers(w http.ResponseWriter, kind, disposition, name string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-store")
}

// showPrint sends the newest version of a contract as a PDF.
func (s *Service) showPrint(w http.ResponseWriter, r *http.Request) error {
	_, c, _, err := s.read(r)
	if err != nil {
		return err
	}
	body, err := s.printed(r.Context(), c)
	if err != nil {
		return err
	}
	headers(w, "application/pdf", "inline", c.Number+"-"+strconv.FormatInt(c.Version, 10)+".pdf")
	http.ServeContent(w, r, "", c.At.Time, bytes.NewReader(body))
	return nil
}

// showScan sends the stamped scan of a side to both.
func (s *Service) showScan(w http.ResponseWriter, r *http.Request) error {
	_, _, signed, err := s.read(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(signed, func(x Signature) bool { return x.Side == r.PathValue("side") && x.Scan != "" })
	if i < 0 {
		return fault.New(fault.NotFound, "no-scan", "这一方没有上传盖章扫描件。")
	}
	f, err := s.Blobs.Open(r.Context(), signed[i].Scan)
	if err != nil {
		return fmt.Errorf("open the scan: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	headers(w, "application/octet-stream", "attachment", signed[i].Name)
	http.ServeContent(w, r, "", signed[i].At.Time, f)
	return nil
}

// sealPageView is a seal with its contract.
type sealPageView struct {
	Facts    Facts
	Contract Contract
	Seal     sealView
}

func (s *Service) sealed(r *http.Request) (sealPageView, error) {
	facts, c, _, err := s.read(r)
	if err != nil {
		return sealPageView{}, err
	}
	all, err := s.sealsOf(r.Context(), s.DB, c)
	if err != nil {
		return sealPageView{}, err
	}
	x, there := all[r.PathValue("side")]
	if !there {
		return sealPageView{}, fault.New(fault.NotFound, "no-seal", "这一方没有盖电子签章。")
	}
	return sealPageView{facts, c, x}, nil
}

func (s *Service) showSeal(w http.ResponseWriter, r *http.Request) error {
	v, err := s.sealed(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, sealPage(v))
}

// showSealFiles sends a seal with the text it is under, to be checked by other means.
func (s *Service) showSealFiles(w http.ResponseWriter, r *http.Request) error {
	v, err := s.sealed(r)
	if err != nil {
		return err
	}
	body, err := v.Seal.signed().Zip(seal.File{Name: "contract.txt", Body: v.Contract.Body})
	if err != nil {
		return err
	}
	headers(w, "application/zip", "attachment", v.Contract.Number+"-"+v.Seal.Side+".zip")
	http.ServeContent(w, r, "", v.Seal.At.Time, bytes.NewReader(body))
	return nil
}

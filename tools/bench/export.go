package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"time"
)

// exported is how many records the files of the bench have.
const exported = 100_000

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) { c.n += int64(len(b)); return len(b), nil }

// benchExport seeds a catalogue with more records than the files hold, and takes files of a search away over HTTP.
func benchExport(ctx context.Context, data string) error {
	const bin = "bin/qiao"
	seed := exec.CommandContext(ctx, bin, "seed", "--scale", strconv.Itoa(exported/11+100), "--seed", "7", "--data", data)
	if out, err := seed.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("seed: %s", out), err)
	}
	p, err := launch(ctx, bin, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	for _, shape := range []string{"csv", "xlsx", "jsonl"} {
		before, err := p.cpu()
		if err != nil {
			return err
		}
		start := time.Now() //nolint:forbidigo // a measurement
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/v1/resources/export?format="+shape, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		var size counter
		_, err = io.Copy(&size, res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return err
		}
		took := time.Since(start) //nolint:forbidigo // a measurement
		after, err := p.cpu()
		if err != nil {
			return err
		}
		memory, err := p.resident()
		if err != nil {
			return err
		}
		fmt.Printf("| a file of %d records, %s, over HTTP | %.1f s (%.1f s CPU), %d MB, resident %s | ≤ 10 s asked for | %s |\n", exported, shape, took.Seconds(), (after - before).Seconds(), size.n>>20, memory, "export.go")
	}
	return nil
}

package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// exported is how many records the files of the bench have.
const exported = 100_000

// benchExport seeds a catalogue with more records than the files hold, and takes files of a search away over HTTP. A
// file that has not every row it should have ends the bench: a figure of half a file is worse than none.
func benchExport(ctx context.Context, data, seeded string) (err error) {
	const bin = "bin/qiao"
	if seeded == "" {
		seed := exec.CommandContext(ctx, bin, "seed", "--scale", strconv.Itoa(exported/11+100), "--seed", "7", "--data", data)
		if out, err := seed.CombinedOutput(); err != nil {
			return errors.Join(fmt.Errorf("seed: %s", out), err)
		}
	} else {
		data = seeded
	}
	p, err := launch(ctx, bin, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := p.settle(ctx); err != nil {
		return err
	}
	files, err := os.MkdirTemp("", "qiao-bench-files-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(files)) }()
	fmt.Println("| a file over HTTP | processor time | clock | rows | size | resident after |")
	fmt.Println("|---|---|---|---|---|---|")
	for round := range 2 {
		for _, shape := range []string{"csv", "xlsx", "jsonl"} {
			if err := p.takeFile(ctx, shape, round, filepath.Join(files, "export")); err != nil {
				return fmt.Errorf("take %s away: %w", shape, err)
			}
		}
	}
	return nil
}

// settle waits until the program answers that it is ready and has worked off the events of the seeding: until it
// uses less than a twentieth of a processor for three seconds.
func (p *process) settle(ctx context.Context) error {
	calm := 0
	for range 600 {
		before, err := p.cpu()
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		after, err := p.cpu()
		if err != nil {
			return err
		}
		if calm++; after-before > 50*time.Millisecond {
			calm = 0
		}
		if calm >= 3 {
			return get(ctx, p.url+"/readyz", 1)
		}
	}
	return errors.New("the program did not come to rest in ten minutes")
}

// takeFile fetches one file, counts its rows and prints what it cost.
func (p *process) takeFile(ctx context.Context, shape string, round int, path string) error {
	before, err := p.cpu()
	if err != nil {
		return err
	}
	start := time.Now()
	size, err := fetchTo(ctx, p.url+"/api/v1/resources/export?format="+shape, path)
	if err != nil {
		return err
	}
	took := time.Since(start)
	after, err := p.cpu()
	if err != nil {
		return err
	}
	rows, err := rowsOf(shape, path)
	if err != nil {
		return err
	}
	if rows != exported {
		return fmt.Errorf("the file has %d rows, not %d", rows, exported)
	}
	memory, err := p.resident()
	if err != nil {
		return err
	}
	row(fmt.Sprintf("%s, round %d", shape, round+1), fmt.Sprintf("%.1f s", (after-before).Seconds()), fmt.Sprintf("%.1f s", took.Seconds()), strconv.Itoa(rows), fmt.Sprintf("%d MB", size>>20), memory)
	return nil
}

// fetchTo writes an answer to a file; anything but 200 is an error with the first words of the answer.
func fetchTo(ctx context.Context, url, path string) (size int64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		words, err := io.ReadAll(io.LimitReader(res.Body, 500))
		return 0, errors.Join(fmt.Errorf("%s: %s %s", url, res.Status, words), err)
	}
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	size, err = io.Copy(f, res.Body)
	return size, errors.Join(err, f.Close())
}

// rowsOf counts the records of a file, its heading apart.
func rowsOf(shape, path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	switch shape {
	case "csv":
		c := csv.NewReader(f)
		c.ReuseRecord = true
		for n = -1; ; n++ {
			if _, err := c.Read(); errors.Is(err, io.EOF) {
				return n, nil
			} else if err != nil {
				return n, err
			}
		}
	case "xlsx":
		return sheetRows(path)
	}
	return countOf(f, []byte("\n"))
}

// sheetRows counts the rows of a workbook's first worksheet, the heading apart.
func sheetRows(path string) (n int, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		return 0, err
	}
	n, err = countOf(part, []byte("</row>"))
	return n - 1, errors.Join(err, part.Close())
}

// countOf counts how often a mark stands in a text.
func countOf(r io.Reader, mark []byte) (int, error) {
	b := bufio.NewReaderSize(r, 1<<20)
	n := 0
	last := mark[len(mark)-1]
	for {
		piece, err := b.ReadSlice(last)
		if bytes.HasSuffix(piece, mark) {
			n++
		}
		switch {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return n, err
		}
	}
}

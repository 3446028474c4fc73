package wheel

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// DefaultIndex is the index that is asked unless another is named: pip's.
const DefaultIndex = "https://pypi.org/simple"

const (
	indexJSON    = "application/vnd.pypi.simple.v1+json"
	maxIndexSize = 16 << 20 // bytes of an index page; the largest that is read here has 100 KiB
)

// locate asks the index where a wheel's file is.
func locate(ctx context.Context, client *http.Client, index string, w Wheel) (*url.URL, error) {
	address, err := url.Parse(index)
	if err != nil {
		return nil, fmt.Errorf("wheel: index: %w", err)
	}
	address = address.JoinPath(w.Project, "/")
	page := address.Redacted() // an index of one's own may have a password
	body, err := get(ctx, client, address, indexJSON)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, maxIndexSize+1))
	if err != nil {
		return nil, fmt.Errorf("wheel: %s: %w", page, err)
	}
	if len(text) > maxIndexSize {
		return nil, fmt.Errorf("wheel: %s: more than %d bytes, no index page is that long", page, maxIndexSize)
	}
	var project struct {
		Files []struct {
			Filename string `json:"filename"`
			URL      string `json:"url"`
		} `json:"files"`
	}
	if err := json.Unmarshal(text, &project); err != nil {
		return nil, fmt.Errorf("wheel: %s: not the JSON form of an index page: %w", page, err)
	}
	for _, file := range project.Files {
		if file.Filename == w.File {
			return resolve(address, file.URL)
		}
	}
	return nil, fmt.Errorf("wheel: %s: %s is not among its %d files", page, w.File, len(project.Files))
}

// resolve makes a link of a page absolute.
func resolve(page *url.URL, link string) (*url.URL, error) {
	target, err := page.Parse(link)
	if err != nil {
		return nil, fmt.Errorf("wheel: %s: %w", page.Redacted(), err)
	}
	if target.Scheme != "https" && target.Scheme != page.Scheme {
		return nil, fmt.Errorf("wheel: %s: links to %s: only https is followed", page.Redacted(), target.Redacted())
	}
	target.Fragment = ""
	return target, nil
}

// get opens a page. The caller closes what it returns.
func get(ctx context.Context, client *http.Client, address *url.URL, accept string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("wheel: %s: %w", address.Redacted(), err)
	}
	request.Header.Set("Accept", accept)
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("wheel: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("wheel: %s answers %s", address.Redacted(), response.Status)
	}
	return response.Body, nil
}

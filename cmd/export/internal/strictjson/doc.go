// Package strictjson reads JSON that can be understood in one way only.
//
// Package encoding/json lets the last of two equal keys win, where another program takes the first;
// it turns bytes that are not UTF-8 into replacement characters; and its errors name no place. A
// [Reader] walks the tokens instead, and its caller says what has to come next: an object with these
// keys, a list of those elements. Anything else is an error with the path to it, and Line tells its
// line.
//
// A text may be nested as deep as the calls that read it and no deeper: only a caller that calls
// itself has to mind the depth. What a file means, and its limits, are left to the caller too.
package strictjson

# Read by CMake after llama.cpp's own `project`: of it the library alone is compiled, which is all that the server in Python uses.
set(LLAMA_BUILD_COMMON OFF)

/* A disk that takes its time: each fsync and fdatasync waits as many microseconds as stand in the file that
 * STINT_SLOW_SYNC names, and is then carried out. Loaded before a program by LD_PRELOAD. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_a_while(void)
{
    const char *name = getenv("STINT_SLOW_SYNC");
    char text[16] = "";
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    if (file < 0)
        return;
    if (read(file, text, sizeof text - 1) > 0 && atol(text) > 0)
        usleep(atol(text));
    close(file);
}

int fsync(int file)
{
    wait_a_while();
    return syscall(SYS_fsync, file);
}

int fdatasync(int file)
{
    wait_a_while();
    return syscall(SYS_fdatasync, file);
}
